import { defineProvider, type Plan, type Quote, type Receipt } from "@unitrain/core";
import { type EventScript, examplePlan, exampleReceipt } from "./event-script.ts";

const exampleQuote: Quote = {
  machine: "H100-1 in sequoia, GPU-Ubuntu.24.04",
  region: "sequoia",
  priceUsdPerHour: 2.25,
  upfrontUsd: "unknown",
  otherUsdPerHour: 0,
  billingTickSeconds: 60,
  gpus: 1,
  gpu: { name: "H100", memoryBytes: 80_000_000_000 },
  cpus: 20,
  ramBytes: 200_000_000_000,
  diskBytes: 500_000_000_000,
  available: "yes",
  interruptible: false,
  bootSeconds: { likely: 150, high: 300 },
  reference: null,
};

export const rentedPlan: Plan = {
  ...examplePlan,
  provider: { name: "canopywave", ownership: "rented" },
  request: { gpu: "H100", diskBytes: 20_000_000_000 },
  quote: exampleQuote,
  budgetUsd: 8,
  limit: { seconds: 12_780, heldBackSeconds: 180 },
  prediction: {
    phases: [
      { phase: "boot", seconds: { low: 120, likely: 150, high: 300 }, basis: "12 boots seen from here" },
      {
        phase: "upload",
        seconds: { low: 168, likely: 180, high: 540 },
        basis: "2.1 GB at 92 Mbit/s, as in 3 uploads before",
      },
      {
        phase: "environment",
        seconds: { low: 40, likely: 58, high: 240 },
        basis: "a guess, beside the upload",
      },
      {
        phase: "epochs",
        seconds: { low: 1440, likely: 2040, high: 3360 },
        basis: "a guess: no earlier run of this kind",
      },
      { phase: "finish", seconds: { low: 60, likely: 72, high: 180 }, basis: "a guess" },
    ],
    seconds: { low: 1788, likely: 2442, high: 4380 },
    costUsd: { low: 1.12, likely: 1.53, high: 2.74 },
    unknown: ["upfront charge unknown; if 24 h are billed at launch: $54.00"],
  },
};

/** What a cloud has: H100 in two regions, a cheaper GPU, and one that is sold out. */
export const exampleOffers: readonly Quote[] = [
  {
    ...exampleQuote,
    machine: "L40S-1 in KEF-3, GPU-Ubuntu.24.04",
    region: "KEF-3",
    priceUsdPerHour: 0.86,
    gpu: { name: "L40S", memoryBytes: 48_000_000_000 },
  },
  exampleQuote,
  { ...exampleQuote, machine: "H100-1 in KEF-3, GPU-Ubuntu.24.04", region: "KEF-3", available: "unknown" },
  { ...exampleQuote, machine: "H100-1 in KEF-1, GPU-Ubuntu.24.04", region: "KEF-1", available: "no" },
  {
    ...exampleQuote,
    machine: "H100-4 in sequoia, GPU-Ubuntu.24.04",
    gpus: 4,
    cpus: 80,
    priceUsdPerHour: 9,
  },
];

/** A cloud that only lists; the rest is never called. */
export const listingProvider = defineProvider({
  name: "canopywave",
  ownership: "rented",
  connectionKind: "ssh",
  offers: async () => exampleOffers,
  quote: never,
  listPlannedResources: never,
  lease: never,
  getMachineState: never,
  release: never,
});

function never(): never {
  throw new Error("This provider only lists.");
}

/** From the intent to the training. */
export function createRentedBeginning(pauseMs: number, plan: Plan = rentedPlan): EventScript {
  const stopAt = new Date(Date.now() + 3600_000).toISOString();
  return [
    [0, { type: "planned", plan }],
    [0, { type: "deadline", stopAt, endsBy: stopAt }],
    [0, { type: "guardian", state: "armed", detail: "it continues the run if this process ends" }],
    [0, { type: "phase", phase: "lease", state: "started" }],
    [pauseMs, { type: "billing", state: "started", since: new Date().toISOString() }],
    [0, { type: "status", phase: "lease", message: "waiting for a public address" }],
    [pauseMs, { type: "phase", phase: "lease", state: "ended", seconds: 120 }],
    [0, { type: "phase", phase: "connect", state: "started" }],
    [pauseMs, { type: "phase", phase: "connect", state: "ended", seconds: 31, detail: "213.181.122.171" }],
    [0, { type: "phase", phase: "train", state: "started" }],
    [0, { type: "job", jobId: "job-1", state: "started" }],
  ];
}

export const rentedReceipt: Receipt = {
  ...exampleReceipt,
  startedAt: "2026-11-24T15:04:51.000Z",
  endedAt: "2026-11-24T15:42:57.000Z",
  machine: exampleQuote.machine,
  phases: [
    { phase: "lease", startedSeconds: 0, seconds: 120 },
    { phase: "connect", startedSeconds: 120, seconds: 31 },
    { phase: "ship", startedSeconds: 151, seconds: 182 },
    { phase: "environment", startedSeconds: 151, seconds: 58 },
    { phase: "train", startedSeconds: 333, seconds: 1900 },
    { phase: "download", startedSeconds: 2233, seconds: 20 },
    { phase: "teardown", startedSeconds: 2253, seconds: 33 },
  ],
  data: { files: 10_825, bytes: 2_100_000_000, sentBytes: 2_100_000_000, reusedBytes: 0 },
  epochs: { done: 50, total: 50 },
  lease: {
    ownership: "rented",
    release: "released",
    proofs: [
      {
        resource: { kind: "instance", name: "unitrain-a-1", id: "7f3a91d2", onRelease: "delete" },
        goneAt: "2026-11-24T15:42:57.000Z",
        evidence: "404 by id",
      },
      {
        resource: { kind: "address", name: "unitrain-a-1-ip", id: "213.181.122.171", onRelease: "delete" },
        goneAt: "2026-11-24T15:43:02.000Z",
        evidence: "404 by id",
      },
    ],
    unconfirmed: [],
    priceUsdPerHour: 2.25,
    costUsd: 1.43,
    costs: [
      { part: "boot", seconds: 151, paidSeconds: 149, usd: 0.09 },
      { part: "upload", seconds: 182, paidSeconds: 182, usd: 0.11 },
      { part: "epochs", seconds: 1900, paidSeconds: 1900, usd: 1.19 },
      { part: "finish", seconds: 53, paidSeconds: 53, usd: 0.03 },
      { part: "rounding", seconds: 0, paidSeconds: 0, usd: 0.01 },
    ],
    unknownCosts: ["upfront"],
  },
};

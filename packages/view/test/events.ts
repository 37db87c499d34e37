import type { Plan, Receipt, RunEvent, RunEventBody } from "@unitrain/core/spec";

/** The time of the first event of {@link numbered}. */
export const startedAt = Date.parse("2026-11-24T00:16:00.000Z");

/** Numbers events as core does, one per second. */
export function numberEvents(bodies: readonly RunEventBody[]): RunEvent[] {
  return bodies.map((body, seq) => ({
    seq,
    at: new Date(startedAt + seq * 1000).toISOString(),
    runId: examplePlan.runId,
    ...body,
  }));
}

export const examplePlan: Plan = {
  planVersion: "v1",
  runId: "20261124-001530-k3f9",
  name: "swift-otter",
  createdAt: "2026-11-24T00:15:30.000Z",
  source: { kind: "local", path: "/data/shapes" },
  data: { files: 320, bytes: 1_240_000, digest: "ab".repeat(32), summary: "128 train + 32 val, 2 classes" },
  findings: [],
  job: "detect yolo11n.yaml epochs=12",
  provider: { name: "canopywave", ownership: "rented" },
  transport: { name: "ssh" },
  framework: { name: "yolo" },
  plugins: [],
  request: { diskBytes: 20_000_000_000 },
  quote: {
    machine: "L4-1 in sequoia, GPU-Ubuntu.24.04",
    region: "sequoia",
    priceUsdPerHour: 3.6,
    upfrontUsd: 0,
    otherUsdPerHour: 0,
    billingTickSeconds: 1,
    gpus: 1,
    available: "yes",
    interruptible: false,
    bootSeconds: { likely: 60, high: 120 },
    reference: null,
  },
  secrets: [],
  out: "/project/runs/detect/swift-otter",
};

export const exampleReceipt: Receipt = {
  receiptVersion: "v1",
  runId: examplePlan.runId,
  name: examplePlan.name,
  outcome: "completed",
  job: examplePlan.job,
  startedAt: "2026-11-24T00:15:30.000Z",
  endedAt: "2026-11-24T00:17:01.400Z",
  machine: "L4-1",
  phases: [
    { phase: "download", startedSeconds: 89.4, seconds: 0.3 },
    { phase: "ship", startedSeconds: 0.2, seconds: 20 },
    { phase: "environment", startedSeconds: 0.2, seconds: 27 },
    { phase: "train", startedSeconds: 27.4, seconds: 40 },
    { phase: "locate", startedSeconds: 67.4, seconds: 1 },
    { phase: "train", startedSeconds: 69, seconds: 20 },
  ],
  data: { files: 320, bytes: 1_240_000, sentBytes: 1_240_000, reusedBytes: 0 },
  epochs: { done: 12, total: 12 },
  metrics: { "mAP50-95": 0.552 },
  artifacts: [],
  lease: {
    ownership: "rented",
    release: "released",
    proofs: [],
    unconfirmed: [],
    priceUsdPerHour: 3.6,
    costUsd: 0.1,
    costs: [
      { part: "upload", seconds: 30.4, paidSeconds: 30.4, usd: 0.03 },
      { part: "epochs", seconds: 60.4, paidSeconds: 60.4, usd: 0.06 },
      { part: "rounding", seconds: 0, paidSeconds: 0, usd: 0.01 },
      { part: "finish", seconds: 0.6, paidSeconds: 0.6, usd: 0 },
      { part: "other", seconds: 0, paidSeconds: 0, usd: 0 },
    ],
  },
};

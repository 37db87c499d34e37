import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PhaseTime, type Quote, roundParts } from "../spec/index.ts";
import { emptyLease, type LeaseState } from "../state/lease-state.ts";
import { calculatePaidUsd, getPaidTime } from "./cost.ts";
import { splitCost } from "./cost-parts.ts";

const quote: Quote = {
  machine: "H100-1",
  priceUsdPerHour: 2.25,
  upfrontUsd: 0,
  otherUsdPerHour: 0,
  billingTickSeconds: 60,
  gpus: 1,
  available: "yes",
  interruptible: false,
  bootSeconds: { likely: 90, high: 240 },
  reference: null,
};
const phase = (name: string, startedSeconds: number, seconds: number): PhaseTime => ({
  phase: name,
  startedSeconds,
  seconds,
});
const instance = { kind: "instance", name: "a", id: "i", onRelease: "delete" } as const;
const key = { kind: "ssh-key", name: "a", id: "k", onRelease: "delete", free: true } as const;
const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const paying: LeaseState = { ...emptyLease, paidSince: at(100), unreleased: [instance, key] };

describe("paid time", () => {
  test("ends when the last paid resource is gone, whether or not a free one still exists", () => {
    const proof = (resource: typeof instance | typeof key, goneAt: number) => ({
      resource,
      goneAt: at(goneAt),
      evidence: "404",
    });
    expect(getPaidTime(emptyLease, 200_000)).toBeUndefined();
    expect(getPaidTime(paying, 200_000)).toEqual({ fromMs: 100_000, untilMs: 200_000 });
    const gone = { ...paying, unreleased: [key], proofs: [proof(instance, 150)] };
    expect(getPaidTime(gone, 200_000)?.untilMs).toBe(150_000);
    const all = { ...paying, unreleased: [], proofs: [proof(instance, 150), proof(key, 190)] };
    expect(getPaidTime(all, 200_000)?.untilMs).toBe(150_000);
  });

  test("costs whole cents, at least one, and nothing if no paid resource existed", () => {
    expect(calculatePaidUsd(emptyLease, quote, 1e9)).toBe(0);
    expect(calculatePaidUsd(paying, quote, 110_000)).toBe(0.04);
    expect(calculatePaidUsd(paying, { ...quote, priceUsdPerHour: 0.01 }, 110_000)).toBe(0.01);
  });
});

describe("parts of a cost", () => {
  test("count each moment once, even where phases overlap, and rounding as a part of its own", () => {
    const parts = splitCost({
      phases: [
        phase("lease", 0, 120),
        phase("connect", 120, 30),
        phase("ship", 150, 200),
        phase("environment", 150, 260),
        phase("train", 411, 1900),
        phase("download", 2311, 20),
        phase("teardown", 2331, 30),
      ],
      totalSeconds: 2361,
      paid: [{ from: 100, until: 2350 }],
      quote,
      costUsd: 1.43,
    });
    expect(parts).toEqual([
      { part: "boot", seconds: 150, paidSeconds: 50, usd: 0.03 },
      { part: "upload", seconds: 200, paidSeconds: 200, usd: 0.13 },
      { part: "environment", seconds: 60, paidSeconds: 60, usd: 0.03 },
      { part: "epochs", seconds: 1900, paidSeconds: 1900, usd: 1.19 },
      { part: "finish", seconds: 50, paidSeconds: 39, usd: 0.03 },
      { part: "other", seconds: 1, paidSeconds: 1, usd: 0 },
      { part: "rounding", seconds: 0, paidSeconds: 0, usd: 0.02 },
    ]);
  });

  test("add up to the time and cost of the run, for any phases", () => {
    const anyPhase = fc.record({
      phase: fc.constantFrom("lease", "connect", "ship", "environment", "train", "download", "teardown"),
      startedSeconds: fc.double({ min: 0, max: 5000, noNaN: true }),
      seconds: fc.double({ min: 0, max: 5000, noNaN: true }),
    });
    const cents = (usd: number) => Math.round(usd * 100);
    fc.assert(
      fc.property(
        fc.array(anyPhase, { maxLength: 12 }),
        fc.double({ min: 1, max: 9000, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 30, noNaN: true }),
        fc.constantFrom(1, 60, 3600),
        (phases, totalSeconds, share, priceUsdPerHour, billingTickSeconds) => {
          const hourlyQuote = { ...quote, priceUsdPerHour, billingTickSeconds };
          const from = totalSeconds * share;
          const state = { ...paying, paidSince: at(from) };
          const costUsd = calculatePaidUsd(state, hourlyQuote, totalSeconds * 1000);
          const paid = [{ from, until: totalSeconds }];
          const parts = splitCost({ phases, totalSeconds, paid, quote: hourlyQuote, costUsd });
          const sum = (readValue: (part: (typeof parts)[number]) => number) =>
            parts.reduce((total, part) => total + readValue(part), 0);
          expect(cents(sum(({ usd }) => usd))).toBe(cents(costUsd));
          expect(sum(({ seconds }) => seconds)).toBeCloseTo(totalSeconds, 1);
          expect(sum(({ paidSeconds }) => paidSeconds)).toBeCloseTo(totalSeconds - from, 1);
          expect(parts.every(({ usd }) => usd >= 0)).toBe(true);
        },
      ),
    );
  });

  test("are rounded so that they still add up", () => {
    expect(roundParts([0.4, 0.4, 0.4], 1)).toEqual([0, 1, 0]);
    expect(roundParts([0.014, 0.014, 0.012], 0.01)).toEqual([0.01, 0.02, 0.01]);
  });
});

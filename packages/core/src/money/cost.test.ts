import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Quote } from "../spec/index.ts";
import { emptyLease, type Holding, type LeaseState } from "../state/lease-state.ts";
import {
  calculateHoldingCost,
  calculateIdleCost,
  calculatePaidUsd,
  calculateRunCost,
  measureIdleTime,
} from "./cost.ts";

const quote: Quote = {
  machine: "H100-1",
  priceUsdPerHour: 3.6,
  upfrontUsd: 0,
  otherUsdPerHour: 0,
  billingTickSeconds: 1,
  gpus: 1,
  available: "yes",
  interruptible: false,
  bootSeconds: { likely: 60, high: 60 },
  reference: null,
};
const instance = { kind: "instance", name: "a", id: "i", onRelease: "delete" } as const;
const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const nowMs = 1e9;

/** Held from the first of `times` to the second, from the third to the fourth… and released at `goneAt`. */
function createLease(times: readonly number[], paidSince: number, goneAt: number | undefined): LeaseState {
  const holdings: Holding[] = [];
  for (let index = 0; index < times.length; index += 2) {
    const until = times[index + 1];
    holdings.push({
      runId: `run-${index / 2}`,
      attempt: 1,
      from: at(times[index] ?? 0),
      ...(until === undefined ? {} : { until: at(until) }),
    });
  }
  const proof = { resource: instance, goneAt: at(goneAt ?? 0), evidence: "404" };
  return {
    ...emptyLease,
    quote,
    holdings,
    paidSince: at(paidSince),
    unreleased: goneAt === undefined ? [instance] : [],
    proofs: goneAt === undefined ? [] : [proof],
  };
}

describe("the cost of a lease", () => {
  test("is split between the runs that held it, with the idle time apart", () => {
    const lease = createLease([0, 1000, 2000, 3000], 100, 3500);
    expect(calculateRunCost([lease], quote, { runId: "run-0", nowMs })).toBe(0.9);
    expect(calculateRunCost([lease], quote, { runId: "run-1", nowMs })).toBe(1);
    expect(calculateIdleCost(lease, quote, nowMs)).toBe(1.5);
    expect(measureIdleTime([lease], { quote, runId: "run-1" })).toEqual({ seconds: 1000, costUsd: 1 });
    expect(measureIdleTime([lease], { quote, runId: "run-0" })).toBeUndefined();
  });

  test("leaves no gap and no overlap between its holders, whatever the times, the price and the billing tick", () => {
    const cents = (usd: number) => Math.round(usd * 100);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.option(fc.integer({ min: 0, max: 9000 }), { nil: undefined }),
        fc.record({
          priceUsdPerHour: fc.double({ min: 0.01, max: 40, noNaN: true }),
          upfrontUsd: fc.constantFrom(0, 0.5, 20),
          billingTickSeconds: fc.constantFrom(1, 60, 3600),
        }),
        (unsorted, paidSince, lastsSeconds, price) => {
          const times = unsorted.sort((a, b) => a - b);
          const goneAt = lastsSeconds === undefined ? undefined : (times.at(-1) ?? 0) + lastsSeconds;
          const asked = { ...quote, ...price };
          // Held by the first attempt when it first costs something, as it always is.
          const lease = {
            ...createLease([0, ...times], Math.min(paidSince, times[0] ?? 0), goneAt),
            quote: asked,
          };
          const now = 30_000_000;
          const shares = lease.holdings.map((held) => calculateHoldingCost(lease, asked, held, now).costUsd);
          expect(shares.every((usd) => usd >= 0)).toBe(true);
          const idleUsd = calculateIdleCost(lease, asked, now);
          const total = calculatePaidUsd(lease, asked, now);
          expect(cents(shares.reduce((sum, usd) => sum + usd, 0) + idleUsd)).toBe(cents(total));
        },
      ),
    );
  });

  test("is all of the run's where a damaged ledger does not tell who held it", () => {
    const lease = createLease([], 100, 1100);
    expect(calculateRunCost([lease], quote, { runId: "run-0", nowMs })).toBe(1);
  });

  test("of a holder never changes after it has let the machine go", () => {
    const kept = createLease([0, 1000], 100, undefined);
    const taken = createLease([0, 1000, 2000], 100, undefined);
    const released = createLease([0, 1000, 2000], 100, 4000);
    const costs = [kept, taken, released].map((lease) =>
      calculateRunCost([lease], quote, { runId: "run-0", nowMs }),
    );
    expect(costs).toEqual([0.9, 0.9, 0.9]);
  });
});

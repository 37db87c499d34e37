import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calculateCostUsd, type PhaseEstimate, type Quote } from "../spec/index.ts";
import { calculateDeadline, calculateLimit } from "./limit.ts";

const quote: Quote = {
  machine: "H100-1 in sequoia",
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
const rented = { ownership: "rented" as const, quote };

describe("the limit", () => {
  test("follows from budget or hours, whichever comes first", () => {
    expect(calculateLimit(rented)).toBeUndefined();
    expect(calculateLimit({ ...rented, budgetUsd: 2.25 })).toEqual({ seconds: 3600, heldBackSeconds: 180 });
    expect(calculateLimit({ ...rented, budgetUsd: 2.25, maxHours: 0.5 })?.seconds).toBe(1800);
    expect(calculateLimit({ ...rented, budgetUsd: 2.25, maxHours: 5 })?.seconds).toBe(3600);
  });

  test("counts the cost of storage, and ignores the budget for a borrowed machine", () => {
    const dear = { ...quote, otherUsdPerHour: 2.25 };
    expect(calculateLimit({ ownership: "rented", quote: dear, budgetUsd: 2.25 })?.seconds).toBe(1800);
    expect(calculateLimit({ ownership: "borrowed", quote, budgetUsd: 1 })).toBeUndefined();
    expect(calculateLimit({ ownership: "borrowed", quote, maxHours: 1 })).toEqual({
      seconds: 3600,
      heldBackSeconds: 0,
    });
  });

  test("is refused if it leaves no time for a training, with the least that would", () => {
    const planWith = (options: object) => () => calculateLimit({ ...rented, ...options });
    expect(planWith({ budgetUsd: 0.1 })).toThrow(
      /\$0\.10 pay for 2\.7 minutes.*about 6\.5 minutes \(boot 1\.5 minutes, training 2 minutes, .* 3 minutes\)/,
    );
    expect(planWith({ maxHours: 0.05 })).toThrow(/maxHours is too small \(0\.05\): the shortest run needs/);
    expect(planWith({ budgetUsd: 8, quote: { ...quote, upfrontUsd: 54 } })).toThrow(
      /costs \$54\.00 at launch/,
    );
  });

  test("is compared with the shortest run by the figures of the plan", () => {
    const phase = (name: PhaseEstimate["phase"], likely: number): PhaseEstimate => ({
      phase: name,
      seconds: { low: likely, likely, high: likely },
      basis: "seen",
    });
    const phases = [phase("boot", 30), phase("upload", 1200), phase("environment", 60)];
    const needed = 30 + 1200 + 120 + 180;
    expect(calculateLimit({ ...rented, phases, maxHours: needed / 3600 })?.seconds).toBe(needed);
    expect(() => calculateLimit({ ...rented, phases, budgetUsd: 0.9 })).toThrow(
      /boot 0\.5 minutes, upload and environment 20 minutes/,
    );
  });

  test("keeps the cost within the budget, whatever the billing tick", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.double({ min: 0.05, max: 30, noNaN: true }),
        fc.constantFrom(1, 60, 3600),
        (budgetUsd, priceUsdPerHour, billingTickSeconds) => {
          const hourlyQuote = { ...quote, priceUsdPerHour, billingTickSeconds };
          let limit: ReturnType<typeof calculateLimit>;
          try {
            limit = calculateLimit({ ownership: "rented", quote: hourlyQuote, budgetUsd });
          } catch {
            return; // Refused: nothing is spent at all.
          }
          expect(calculateCostUsd(limit?.seconds ?? 0, hourlyQuote)).toBeLessThanOrEqual(budgetUsd + 1e-9);
        },
      ),
    );
  });

  test("becomes absolute times", () => {
    const start = Date.parse("2026-11-24T12:00:00Z");
    expect(calculateDeadline(start, { seconds: 3600, heldBackSeconds: 180 })).toEqual({
      stopAt: "2026-11-24T12:57:00.000Z",
      endsBy: "2026-11-24T13:00:00.000Z",
    });
  });
});

test("a cost counts whole billing ticks and is at least the upfront charge", () => {
  expect(calculateCostUsd(61, quote)).toBeCloseTo(0.075);
  expect(calculateCostUsd(10, { ...quote, upfrontUsd: 54 })).toBe(54);
});

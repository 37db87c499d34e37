import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "./clock.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  return () => vi.useRealTimers();
});

function setAlarm(ms: number): { readonly hasRung: () => boolean } {
  let rung = false;
  const { cancel } = systemClock.at(Date.now() + ms, () => {
    rung = true;
  });
  onTestFinished(cancel);
  return { hasRung: () => rung };
}

/** Changes the computer's clock, which does not affect timers. */
function setClockBy(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

test("an alarm that the computer slept past rings within a second of waking up", () => {
  const { hasRung: rung } = setAlarm(3600_000);
  vi.advanceTimersByTime(50);
  setClockBy(8 * 3600_000);
  expect(rung()).toBe(false);
  vi.advanceTimersByTime(1_000);
  expect(rung()).toBe(true);
});

test("setting the clock back does not delay an alarm", () => {
  const { hasRung: rung } = setAlarm(400);
  setClockBy(-3600_000);
  vi.advanceTimersByTime(390);
  expect(rung()).toBe(false);
  vi.advanceTimersByTime(20);
  expect(rung()).toBe(true);
});

test("an alarm in the past rings at once, and a cancelled one never rings", () => {
  const past = setAlarm(-1_000);
  let cancelled = false;
  systemClock
    .at(Date.now(), () => {
      cancelled = true;
    })
    .cancel();
  vi.advanceTimersByTime(10);
  expect(past.hasRung()).toBe(true);
  expect(cancelled).toBe(false);
});

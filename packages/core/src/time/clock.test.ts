import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "./clock.ts";

/** What the computer's clock says is off by this much from now on. */
function setClockBy(ms: number): void {
  const now = Date.now.bind(Date);
  const spy = vi.spyOn(Date, "now").mockImplementation(() => now() + ms);
  onTestFinished(() => spy.mockRestore());
}

function alarmIn(ms: number): { readonly rung: () => boolean } {
  let rung = false;
  const { cancel } = systemClock.at(Date.now() + ms, () => {
    rung = true;
  });
  onTestFinished(cancel);
  return { rung: () => rung };
}

test("an alarm that was slept past rings within a second of waking", async () => {
  const { rung } = alarmIn(3600_000);
  await sleep(50);
  setClockBy(8 * 3600_000);
  await expect.poll(rung, { timeout: 5_000 }).toBe(true);
});

test("a clock that is set back does not put an alarm off", async () => {
  const { rung } = alarmIn(400);
  setClockBy(-3600_000);
  await sleep(100);
  expect(rung()).toBe(false);
  await expect.poll(rung, { timeout: 5_000 }).toBe(true);
});

test("an alarm in the past rings at once, and a cancelled one never", async () => {
  const past = alarmIn(-1_000);
  let cancelled = false;
  systemClock
    .at(Date.now(), () => {
      cancelled = true;
    })
    .cancel();
  await expect.poll(past.rung, { timeout: 5_000 }).toBe(true);
  expect(cancelled).toBe(false);
});

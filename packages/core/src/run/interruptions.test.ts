import { describe, expect, test } from "vitest";
import { emptyLease } from "../state/lease-state.ts";
import { memoryLedger } from "../state/ledger.ts";
import { emptyLedger } from "../state/ledger-state.ts";
import { systemClock } from "../time/clock.ts";
import { createInterruptions } from "./interruptions.ts";

const endsBy = "2026-11-24T12:03:00.000Z";

function createFixture(
  ownership: "rented" | "borrowed",
  options: { readonly signal?: AbortSignal; readonly stopWithinMs?: number } = {},
) {
  const alarms: (() => void)[] = [];
  const addAlarm = (_time: number, callback: () => void) => {
    alarms.push(callback);
    return { cancel: () => alarms.splice(alarms.indexOf(callback), 1) };
  };
  const clock = { ...systemClock, at: addAlarm, after: addAlarm };
  const state = { ...emptyLedger, deadline: { stopAt: "2026-11-24T12:00:00.000Z", endsBy } };
  const { run: ledger } = memoryLedger({ state, lease: emptyLease }, clock);
  const interruptions = createInterruptions({
    plan: { limit: { seconds: 3600, heldBackSeconds: 60 } },
    provider: { ownership },
    ledger,
    clock,
    signal: options.signal,
    stopWithinMs: options.stopWithinMs,
  });
  const listAborted = () =>
    Object.entries(interruptions.signals).flatMap(([name, { aborted }]) => (aborted ? [name] : []));
  return { interruptions, ledger, alarms, listAborted };
}

describe("a run", () => {
  test("is stopped once, and then forced", () => {
    const { interruptions, listAborted } = createFixture("rented");
    interruptions.stop({ graceMs: 5 });
    expect(listAborted()).toEqual(["stopSignal"]);
    expect(interruptions.graceMs()).toBe(5);
    interruptions.stop();
    expect(listAborted()).toEqual(["stopSignal", "forceSignal"]);
  });

  test("is stopped by a signal, even one that was aborted before", () => {
    const controller = new AbortController();
    const { interruptions, listAborted } = createFixture("rented", { signal: controller.signal });
    expect(listAborted()).toEqual([]);
    controller.abort();
    expect(listAborted()).toEqual(["stopSignal"]);
    expect(interruptions.stoppedBy()).toBe("user");
    expect(createFixture("rented", { signal: controller.signal }).listAborted()).toEqual(["stopSignal"]);
  });

  test("whose files are discarded ends at once on a rented machine, and is recorded as failed", () => {
    const { interruptions, ledger, listAborted } = createFixture("rented");
    interruptions.stop({ discard: true });
    expect(listAborted()).toEqual(["stopSignal", "deadlineSignal"]);
    expect(interruptions.graceMs()).toBe(0);
    expect(ledger.state.error?.code).toBe("CANCELLED");
  });

  test("on a borrowed machine downloads its files whatever happens", () => {
    const { interruptions, ledger, alarms, listAborted } = createFixture("borrowed");
    interruptions.stop({ discard: true });
    for (const alarm of alarms) alarm();
    expect(listAborted()).toEqual(["stopSignal"]);
    expect(ledger.state.error).toBeUndefined();
  });

  test("is stopped at its limit, and ends at its deadline", () => {
    const { interruptions, ledger, alarms, listAborted } = createFixture("rented");
    alarms.shift()?.();
    expect(listAborted()).toEqual(["stopSignal"]);
    expect(interruptions.stoppedBy()).toBe("limit");
    expect(ledger.state.isStopping).toBe(true);
    alarms.shift()?.();
    expect(listAborted()).toEqual(["stopSignal", "deadlineSignal"]);
  });

  test("whose job has ended is not stopped by its limit", async () => {
    const { interruptions, ledger, alarms, listAborted } = createFixture("rented");
    await ledger.append({ type: "job-ended", state: "ended", exitCode: 0 });
    alarms.shift()?.();
    expect(listAborted()).toEqual([]);
    expect(interruptions.stoppedBy()).toBe("user");
  });

  test("that gc collects is stopped at once, and has a limited time to download", () => {
    const { alarms, listAborted } = createFixture("rented", { stopWithinMs: 1_000 });
    expect(listAborted()).toEqual(["stopSignal"]);
    alarms.at(-1)?.();
    expect(listAborted()).toEqual(["stopSignal", "deadlineSignal"]);
  });

  test("that is over has no alarms left", () => {
    const controller = new AbortController();
    const { interruptions, alarms, listAborted } = createFixture("rented", {
      signal: controller.signal,
      stopWithinMs: 1_000,
    });
    interruptions.cancel();
    expect(alarms).toEqual([]);
    controller.abort();
    expect(listAborted()).toEqual(["stopSignal"]);
  });
});

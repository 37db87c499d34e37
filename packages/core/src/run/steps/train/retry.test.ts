import { describe, expect, test } from "vitest";
import { createOutputSanitizer } from "../../../sanitize/output-sanitizer.ts";
import { type ErrorCode, type RunEventBody, UnitrainError } from "../../../spec/index.ts";
import { systemClock } from "../../../time/clock.ts";
import { createRetryPolicy } from "./retry.ts";

const minuteMs = 60_000;

function createPolicy(options: {
  readonly ownership: "rented" | "borrowed";
  readonly isCollected?: boolean;
}) {
  const stopAbort = new AbortController();
  const events: RunEventBody[] = [];
  let nowMs = 0;
  const clock = {
    ...systemClock,
    now: () => nowMs,
    wait: async (ms: number) => {
      nowMs += ms;
    },
  };
  const policy = createRetryPolicy(
    {
      clock,
      events: { emit: async (event) => void events.push(event) },
      sanitizer: createOutputSanitizer(),
      stopSignal: stopAbort.signal,
      provider: { ownership: options.ownership },
      isCollected: options.isCollected ?? false,
    },
    new AbortController().signal,
  );
  /** Returns how many minutes the same error is retried, up to 20. */
  const countMinutes = async (code: ErrorCode, retryable = false) => {
    const begin = nowMs;
    while (nowMs - begin < 20 * minuteMs) {
      try {
        await policy.handle(new UnitrainError(code, "It failed.", { retryable }));
      } catch {
        break;
      }
    }
    return Math.round((nowMs - begin) / minuteMs);
  };
  return { policy, events, countMinutes, stop: () => stopAbort.abort() };
}

describe("an error while a training is followed", () => {
  test("is retried for 10 minutes, or for one once the run is stopped", async () => {
    const { countMinutes, policy, stop } = createPolicy({ ownership: "rented" });
    expect(await countMinutes("REMOTE_COMMAND")).toBe(10);
    policy.reset();
    stop();
    expect(await countMinutes("REMOTE_COMMAND")).toBe(1);
  });

  test("warns once while it stays the same", async () => {
    const { countMinutes, events, policy } = createPolicy({ ownership: "rented" });
    await countMinutes("REMOTE_COMMAND");
    expect(policy.count).toBeGreaterThan(100);
    expect(events).toEqual([{ type: "warning", phase: "train", message: "It failed." }]);
  });

  test.each<[ErrorCode, "rented" | "borrowed", number]>([
    ["LOCAL_DISK", "rented", 20],
    ["LOGIN_REFUSED", "rented", 20],
    ["LOCAL_DISK", "borrowed", 0],
    ["LOGIN_REFUSED", "borrowed", 0],
    ["CONNECTION_LOST", "borrowed", 0],
    ["MACHINE_GONE", "rented", 0],
  ])("%s on a %s machine is retried for %i minutes", async (code, ownership, minutes) => {
    expect(await createPolicy({ ownership }).countMinutes(code)).toBe(minutes);
  });

  test("that only a person can fix ends a run that gc collects, unless it may pass", async () => {
    const { countMinutes, policy } = createPolicy({ ownership: "rented", isCollected: true });
    expect(await countMinutes("LOGIN_REFUSED")).toBe(0);
    policy.reset();
    expect(await countMinutes("LOGIN_REFUSED", true)).toBe(20);
  });
});

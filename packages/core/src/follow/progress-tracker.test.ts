import { expect, test } from "vitest";
import type { Progress } from "../spec/index.ts";
import { createProgressTracker } from "./progress-tracker.ts";

const epoch = (done: number, loss = 1 / done): Progress => ({
  unit: "epoch",
  done,
  total: 10,
  complete: true,
  metrics: { loss },
});
const within = (done: number, batch: number): Progress => ({
  unit: "epoch",
  done,
  total: 10,
  complete: false,
  batch: { done: batch, total: 4 },
  metrics: {},
});

test("the pace is measured by epochs, and the remaining time considers the part of the current epoch that is done", () => {
  let now = 0;
  const tracker = createProgressTracker(() => now);
  expect(tracker.update(within(1, 1))).not.toHaveProperty("secondsLeft");
  now = 10_000;
  expect(tracker.update(epoch(1))).toMatchObject({ secondsPerEpoch: 10, secondsLeft: 90 });
  now = 15_000;
  expect(tracker.update(within(2, 2))).toMatchObject({ secondsPerEpoch: 10, secondsLeft: 85 });
  now = 16_000;
  expect(tracker.update(epoch(2))).toMatchObject({ secondsPerEpoch: 8, secondsLeft: 64 });
});

test("progress is reported once, even across processes", () => {
  const tracker = createProgressTracker(() => 0);
  const reported = tracker.update(epoch(1));
  expect(reported).toBeDefined();
  expect(tracker.update(epoch(1))).toBeUndefined();
  // The same epoch with other figures is news: a training that went back.
  expect(tracker.update(epoch(1, 3))).toBeDefined();
  if (reported === undefined) return;
  const earlier = { seq: 0, at: "2026-01-01T00:00:00Z", runId: "r", ...reported };
  const restarted = createProgressTracker(() => 0, [earlier]);
  expect(restarted.last?.done).toBe(1);
  expect(restarted.update(epoch(1))).toBeUndefined();
});

test("a progress bar that is drawn ten times a second is reported about every 300 ms", () => {
  let now = 0;
  const tracker = createProgressTracker(() => now);
  let reported = 0;
  for (let at = 0; at < 100; at += 1) {
    now = at * 100;
    if (tracker.update(within(1, at)) !== undefined) reported += 1;
  }
  expect(reported).toBe(34);
});

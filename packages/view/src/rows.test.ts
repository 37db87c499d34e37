import { expect, it } from "vitest";
import { examplePlan, exampleReceipt, numbered, startedAt } from "../test/events.ts";
import { applyEvent } from "./apply-event.ts";
import { durationOf, listCosts } from "./cost-rows.ts";
import { describeCosts } from "./money.ts";
import { phaseName } from "./phase-names.ts";
import { isUploadOverlapping, listPhases } from "./phase-rows.ts";
import { createRunView } from "./run-view.ts";

it("phases are listed once, in the order in which they happen, without those that are too short", () => {
  const rows = listPhases(createRunView(), exampleReceipt);
  expect(rows.map(({ phase, seconds, remark }) => [phase, seconds, remark])).toEqual([
    ["ship", 20, "320 files, 1.2 MB copied"],
    ["environment", 27, ""],
    ["train", 60, "12 epochs"],
    ["download", 0.3, ""],
  ]);
  expect(isUploadOverlapping(exampleReceipt)).toBe(true);
});

it("a training that changed hands took as long as from its start to its end", () => {
  const view = { ...createRunView(), hasChangedHands: true, jobStartedAt: 0, jobEndedAt: 90_000 };
  const training = listPhases(view, exampleReceipt).find(({ phase }) => phase === "train");
  expect(training).toEqual({
    phase: "train",
    seconds: 90,
    remark: "until its end was noticed: it was detached",
  });
});

it("costs add up to the length of the run and to what it cost; parts without either are left out", () => {
  const rows = listCosts({ ...createRunView(), plan: examplePlan }, exampleReceipt);
  expect(rows.map(({ part, seconds, usd }) => [part, seconds, usd])).toEqual([
    ["upload", 30, 0.03],
    ["epochs", 61, 0.06],
    ["rounding", undefined, 0.01],
  ]);
  expect(rows.reduce((sum, { seconds = 0 }) => sum + seconds, 0)).toBe(
    Math.round(durationOf(exampleReceipt)),
  );
  expect(rows.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(exampleReceipt.lease.costUsd);
});

it("what a run costs now, and at its end once two epochs have shown their pace", () => {
  const epoch = { type: "progress", unit: "epoch", complete: true, metrics: {}, secondsLeft: 3540 } as const;
  const view = createRunView();
  const texts = () => describeCosts(view, startedAt + 1000 * 1000);
  expect(texts()).toEqual([]);
  const events = numbered([
    { type: "planned", plan: examplePlan },
    { type: "billing", state: "started", since: new Date(startedAt).toISOString() },
    { ...epoch, done: 1 },
    { ...epoch, done: 2 },
  ]).map((event) => ({ ...event, at: new Date(startedAt + 1000 * 1000).toISOString() }));
  for (const event of events.slice(0, 1)) applyEvent(view, event);
  expect(texts()).toEqual(["nothing to pay yet", "$3.60/h, no limit"]);
  for (const event of events.slice(1, 3)) applyEvent(view, event);
  expect(texts()).toEqual(["$1.00 now", "$3.60/h, no limit"]);
  for (const event of events.slice(3)) applyEvent(view, event);
  // 1000 seconds so far, 3540 of training, and 60 for downloading and releasing.
  expect(texts()).toEqual(["$1.00 now", "$4.60 at the end", "$3.60/h, no limit"]);
});

it("a phase has a person's name, on a rented machine its own, and an unknown one its own word", () => {
  expect(["ship", "teardown", "constructor"].map((phase) => phaseName(phase))).toEqual([
    "upload",
    "clean up",
    "constructor",
  ]);
  expect(phaseName("teardown", true)).toBe("release");
});

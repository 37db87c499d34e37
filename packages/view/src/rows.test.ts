import { expect, it } from "vitest";
import { examplePlan, exampleReceipt, numberEvents, startedAt } from "../test/events.ts";
import { applyEvent } from "./apply-event.ts";
import { calculateDuration, listCosts } from "./cost-rows.ts";
import { listEpochs } from "./epoch-rows.ts";
import { formatPhaseName } from "./format-phase-name.ts";
import { describeCosts } from "./money.ts";
import { isUploadOverlapping, listPhases } from "./phase-rows.ts";
import { createRunView } from "./run-view.ts";
import { calculateShareDone, estimateEnd, formatPosition } from "./training-progress.ts";

it("lists each phase once, in order, without very short ones", () => {
  const rows = listPhases(createRunView(), exampleReceipt);
  expect(rows.map(({ phase, seconds, remark }) => [phase, seconds, remark])).toEqual([
    ["ship", 20, "320 files, 1.2 MB copied"],
    ["environment", 27, ""],
    ["train", 60, "12 epochs"],
    ["download", 0.3, ""],
  ]);
  expect(isUploadOverlapping(exampleReceipt)).toBe(true);
});

it("measures a training that several processes drove from its start to its end", () => {
  const view = { ...createRunView(), hasChangedHands: true, jobStartedAt: 0, jobEndedAt: 90_000 };
  const training = listPhases(view, exampleReceipt).find(({ phase }) => phase === "train");
  expect(training).toEqual({
    phase: "train",
    seconds: 90,
    remark: "until its end was noticed: it was detached",
  });
});

it("costs add up to the duration and the price of the run, without empty parts", () => {
  const rows = listCosts({ ...createRunView(), plan: examplePlan }, exampleReceipt);
  expect(rows.map(({ part, seconds, usd }) => [part, seconds, usd])).toEqual([
    ["upload", 30, 0.03],
    ["epochs", 61, 0.06],
    ["rounding", undefined, 0.01],
  ]);
  expect(rows.reduce((sum, { seconds = 0 }) => sum + seconds, 0)).toBe(
    Math.round(calculateDuration(exampleReceipt)),
  );
  expect(rows.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(exampleReceipt.lease.costUsd);
});

it("estimates the current cost, and the final cost after two epochs", () => {
  const epoch = { type: "progress", unit: "epoch", complete: true, metrics: {}, secondsLeft: 3540 } as const;
  const view = createRunView();
  const texts = () => describeCosts(view, startedAt + 1000 * 1000);
  expect(texts()).toEqual([]);
  const events = numberEvents([
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

it("labels each phase, with separate labels on a rented machine and the raw name for an unknown phase", () => {
  expect(["ship", "teardown", "constructor"].map((phase) => formatPhaseName(phase))).toEqual([
    "upload",
    "clean up",
    "constructor",
  ]);
  expect(formatPhaseName("teardown", true)).toBe("release");
});

it("lists epochs by number, and samples long lists with the first, the best and the last epoch", () => {
  const metrics = (epoch: number) => ({ box_loss: 1 / epoch, ...(epoch === 1 ? {} : { extra: epoch }) });
  const numbers = Array.from({ length: 100 }, (_, index) => 100 - index);
  const view = {
    ...createRunView(),
    epochs: new Map(numbers.map((epoch) => [epoch, metrics(epoch)])),
    scores: new Map([[37, 0.9]]),
  };
  const { figures, rows, epochCount } = listEpochs(view, 20);
  expect(figures.map(({ key }) => key)).toEqual(["box_loss", "extra"]);
  expect(epochCount).toBe(100);
  expect(rows.length).toBeLessThanOrEqual(21);
  expect([rows[0], rows.at(-1), rows.find(({ isBest }) => isBest)]).toEqual([
    { epoch: 1, texts: ["1.000", "-"], isBest: false },
    { epoch: 100, texts: ["0.010", "100"], isBest: false },
    { epoch: 37, texts: ["0.027", "37"], isBest: true },
  ]);
  expect(listEpochs(view, 100).rows).toHaveLength(100);
  expect(listEpochs(createRunView(), 20)).toEqual({ figures: [], rows: [], epochCount: 0 });
});

it("shows the current epoch, the completed share and the remaining time", () => {
  const progress = { unit: "epoch", done: 3, total: 4, complete: false, metrics: {} } as const;
  expect(formatPosition(progress)).toBe("epoch 3/4");
  expect(formatPosition({ unit: "step", done: 300 })).toBe("step 300");
  expect(calculateShareDone(progress)).toBe(0.5);
  expect(calculateShareDone({ ...progress, batch: { done: 1, total: 2 } })).toBe(0.625);
  expect(calculateShareDone({ ...progress, complete: true })).toBe(0.75);
  expect(calculateShareDone({ ...progress, done: 9 })).toBe(1);
  expect(calculateShareDone({ ...progress, total: 0 })).toBeUndefined();
  expect(estimateEnd({ at: new Date(startedAt).toISOString(), secondsLeft: 2 })).toBe(startedAt + 2000);
  expect(estimateEnd({ at: new Date(startedAt).toISOString() })).toBeUndefined();
});

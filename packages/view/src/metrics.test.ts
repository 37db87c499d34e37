import type { ShownMetrics } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { examplePlan, numberEvents } from "../test/events.ts";
import { applyEvent } from "./apply-event.ts";
import { listFigures, listLosses, listScores } from "./metrics.ts";
import { createRunView, findBestEpoch } from "./run-view.ts";

const shown: ShownMetrics = {
  columns: [
    { key: "perplexity", label: "PPL", role: "score" },
    { key: "train_loss", label: "loss", role: "loss" },
    { key: "accuracy", label: "acc", role: "detail", format: "share" },
  ],
  deciding: { key: "perplexity", better: "lower" },
};

const texts = (figures: ReturnType<typeof listFigures>) =>
  figures.map(({ label, text }) => `${label} ${text}`);

describe("the metrics of an epoch", () => {
  it("are the described metrics in the framework's order, without those that the epoch lacks", () => {
    const metrics = { lr: 0.1, train_loss: 1.5, accuracy: 0.75 };
    expect(texts(listFigures(metrics, shown))).toEqual(["loss 1.500", "acc .750"]);
    expect(texts(listLosses(metrics, shown))).toEqual(["loss 1.500"]);
    expect(texts(listScores({ ...metrics, perplexity: 12 }, shown))).toEqual(["PPL 12"]);
  });

  it("are all metrics when the framework describes none", () => {
    const metrics = { box_loss: 1, val_box_loss: 2, lr: 0.5 };
    expect(texts(listFigures(metrics, undefined))).toEqual(["box_loss 1.000", "val_box_loss 2", "lr 0.500"]);
    expect(texts(listLosses(metrics, undefined))).toEqual(["box_loss 1.000"]);
  });
});

describe("the best epoch", () => {
  const findEpochOf = (
    metrics: ShownMetrics | undefined,
    values: readonly Readonly<Record<string, number>>[],
  ) => {
    const view = createRunView();
    const progress = { type: "progress", unit: "epoch", complete: true } as const;
    const events = numberEvents([
      { type: "planned", plan: { ...examplePlan, ...(metrics === undefined ? {} : { metrics }) } },
      ...values.map((metrics, index) => ({ ...progress, done: index + 1, metrics })),
    ]);
    for (const event of events) applyEvent(view, event);
    return findBestEpoch(view)?.epoch;
  };

  it("has the lowest score when the plan says that lower is better", () => {
    expect(findEpochOf(shown, [{ perplexity: 9 }, { perplexity: 3 }, { perplexity: 5 }])).toBe(2);
  });

  it("has the highest score otherwise, and is undefined before the first epoch", () => {
    const higher: ShownMetrics = { ...shown, deciding: { key: "accuracy", better: "higher" } };
    expect(findEpochOf(higher, [{ accuracy: 0.2 }, { accuracy: 0.7 }, { accuracy: 0.5 }])).toBe(2);
    expect(findEpochOf(higher, [{ accuracy: 0 }])).toBeUndefined();
    expect(findEpochOf(undefined, [{ accuracy: 0.2 }])).toBeUndefined();
  });
});

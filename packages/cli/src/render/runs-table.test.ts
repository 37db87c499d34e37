import type { RunSummary } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { examplePlan } from "../testing/story.ts";
import { textOf } from "./line.ts";
import { runsTable, stateOf } from "./runs-table.ts";

const over: RunSummary = {
  id: examplePlan.runId,
  name: "swift-otter",
  state: "over",
  outcome: "completed",
  phase: "teardown",
  createdAt: "2026-11-24T12:00:00.000Z",
  machine: "this computer: 2 CPUs, no GPU",
  provider: examplePlan.provider,
  job: examplePlan.job,
  epochs: { done: 12, total: 12 },
  metrics: { mAP50: 0.751, "mAP50-95": 0.552 },
  unreleased: [],
  out: examplePlan.out,
};
const { outcome: _, ...going } = over;

describe("the table of runs", () => {
  it("shows each with its state and what to do about it", () => {
    const lines = runsTable(
      [
        {
          ...going,
          name: "calm-heron",
          state: "active",
          phase: "train",
          controller: 42,
          epochs: { done: 3, total: 12 },
        },
        { ...going, name: "dusty-finch", state: "detached" },
        over,
      ],
      60,
    ).map(textOf);
    expect(lines.map((line) => line.slice(0, 44).trimEnd())).toEqual(
      [
        "RUN          STATE           EPOCH  SCORE",
        "calm-heron   training         3/12   .552  2",
        "dusty-finch  left to itself  12/12   .552  2",
        "swift-otter  done            12/12   .552  2",
        "! unitrain attach dusty-finch   nobody follo",
      ]
        .map((line) => line.slice(0, 44).trimEnd())
        .map((line, index) => (index === 0 ? "RUN          STATE           EPOCH  SCORE  S" : line)),
    );
  });

  it.each([
    [{ ...going, state: "interrupted" }, "interrupted"],
    [{ ...going, state: "release-unconfirmed" }, "RELEASE UNSURE"],
    [{ ...over, outcome: "stopped" }, "stopped"],
    [{ ...over, outcome: "training-failed" }, "training failed"],
    [{ ...over, outcome: "failed" }, "failed"],
  ] as const)("names a state: %#", (run, name) => {
    expect(stateOf(run)).toBe(name);
  });

  it("says what may cost money, and what cannot be read", () => {
    const lines = runsTable(
      [
        {
          ...going,
          state: "release-unconfirmed",
          unreleased: [{ kind: "instance", name: "unitrain-a", giveBack: "end" }],
          damaged: "2 lines of its ledger cannot be read",
        },
      ],
      80,
    ).map(textOf);
    expect(lines.some((line) => line.startsWith("! unitrain gc"))).toBe(true);
    expect(lines.at(-1)).toBe("! swift-otter: 2 lines of its ledger cannot be read");
  });
});

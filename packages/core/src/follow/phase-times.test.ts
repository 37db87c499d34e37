import { expect, test } from "vitest";
import type { Phase, RunEvent, RunEventBody } from "../spec/index.ts";
import { createPhaseTimes } from "./phase-times.ts";

function measurePhases(...events: readonly (readonly [second: number, body: RunEventBody])[]) {
  const times = createPhaseTimes(0);
  for (const [seq, [second, body]] of events.entries())
    times.add({ seq, at: new Date(second * 1000).toISOString(), runId: "run", ...body } as RunEvent);
  return times.list().map(({ phase, startedSeconds, seconds }) => [phase, startedSeconds, seconds]);
}
const started = (phase: Phase): RunEventBody => ({
  type: "phase",
  phase,
  state: "started",
});
const ended = (phase: Phase, seconds: number): RunEventBody => ({
  type: "phase",
  phase,
  state: "ended",
  seconds,
});
const attached: RunEventBody = { type: "controller", state: "attached" };

test("a phase that the guardian continued is one phase from its first start on", () => {
  expect(
    measurePhases([10, started("train")], [40, attached], [41, started("train")], [100, ended("train", 59)]),
  ).toEqual([["train", 10, 90]]);
});

test("a phase whose process died ends with the last event of that process, and not with the run", () => {
  expect(
    measurePhases(
      [1, started("lease")],
      [5, { type: "status", phase: "lease", message: "asking" }],
      [300, attached],
      [301, started("teardown")],
      [310, ended("teardown", 9)],
    ),
  ).toEqual([
    ["teardown", 301, 9],
    ["lease", 1, 4],
  ]);
});

test("a pull during the training is not measured, even if its process dies", () => {
  expect(
    measurePhases(
      [10, started("train")],
      [20, started("download")],
      [30, ended("download", 10)],
      [35, started("download")],
      [40, attached],
      [41, started("train")],
      [100, ended("train", 59)],
      [101, started("download")],
      [105, ended("download", 4)],
    ),
  ).toEqual([
    ["train", 10, 90],
    ["download", 101, 4],
  ]);
});

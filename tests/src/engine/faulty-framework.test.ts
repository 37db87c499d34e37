import { createLifetime, memoryFramework } from "@unitrain/conformance";
import type { Framework } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, startRun } from "./engine-harness.ts";

function fail(): never {
  throw new TypeError("Cannot read properties of undefined");
}

async function runWith(change: (framework: Framework) => Partial<Framework>) {
  const harness = await createEngineHarness();
  const framework = memoryFramework(harness.cloud, createLifetime());
  const unitrain = harness.process({ framework: { ...framework, ...change(framework) } });
  const run = await startRun(unitrain, harness);
  const [events, result] = await Promise.all([collectEvents(run), run.result.catch((error) => error)]);
  expect(harness.cloud.alive()).toEqual([]);
  expect(events.at(-1)?.type).toBe("finished");
  return { events, result };
}

describe("a framework whose method fails by itself is named, and its machine is released", () => {
  test.each<[string, (framework: Framework) => Partial<Framework>]>([
    ["fit", () => ({ fit: fail })],
    ["environment", () => ({ environment: fail })],
    ["job", () => ({ job: fail })],
    ["progress", () => ({ progress: fail })],
    ["fit", () => ({ fit: (async () => fail()) as unknown as Required<Framework>["fit"] })],
    [
      "environment.versions",
      ({ environment }) => ({ environment: (facts) => ({ ...environment(facts), versions: fail }) }),
    ],
  ])("%s", async (method, change) => {
    const { result } = await runWith(change);
    expect(result).toMatchObject({ code: "ADAPTER_FAILED" });
    expect(result.message).toMatch(new RegExp(`^[\\w-]+\\.${method} failed: `));
    expect(result.adapter).toContain(`.${method}`);
  });

  test("except for commands to show, without which the run ends as usual", async () => {
    const { result } = await runWith(() => ({ nextCommands: fail }));
    expect(result).toMatchObject({ outcome: "completed" });
    expect(result.receipt.nextCommands).toBeUndefined();
  });
});

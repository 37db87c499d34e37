import { openRuns, type Plan } from "@unitrain/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { collectEvents, createEngineHarness, startRun } from "./engine-harness.ts";

describe("a connected machine", () => {
  test("is checked before anything is shipped, and the run fails with all findings when the training does not fit", async () => {
    const harness = await createEngineHarness();
    harness.cloud.fit = [
      { severity: "error", message: "/data has 3 GB free; 20 GB are needed", hint: "Make room." },
      { severity: "warning", message: "8 workers are many", hint: "Take 2." },
      { severity: "error", message: "the GPU has 4 GB", hint: "Lower batch." },
    ];
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    await expect(run.result).rejects.toMatchObject({
      code: "DOES_NOT_FIT",
      message: "/data has 3 GB free; 20 GB are needed\nthe GPU has 4 GB",
      hint: "Make room. Lower batch.",
    });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "warning", message: "8 workers are many" }),
    );
    expect(harness.cloud.files.size).toBe(0);
    expect(harness.cloud.jobs.size).toBe(0);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("is in the receipt, with the installed versions", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    const { receipt } = await run.result;
    expect(receipt.versions).toMatchObject({ memory: "verify" });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "environment", versions: { memory: "verify" } }),
    );
  });

  test("can be accessed from any process while the run uses it, and not afterwards", async () => {
    const harness = await createEngineHarness();
    const unitrain = harness.process();
    const run = await startRun(unitrain, harness);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    const access = await harness.process().access(run.name);
    expect(access.target).toBe("memory");
    expect(access.argv[2]).toContain(run.id);
    await run.stop();
    await expect(unitrain.access(run.name)).rejects.toMatchObject({ code: "NOT_AVAILABLE" });
    await expect(openRuns({ home: harness.home }).access("nobody")).rejects.toMatchObject({
      code: "RUN_NOT_FOUND",
    });
  });
});

describe("environment variables and secrets", () => {
  test("reach the job, and only variables appear in the plan; secrets appear nowhere", async () => {
    const harness = await createEngineHarness();
    const unitrain = harness.process();
    const plan = await unitrain.plan({
      data: ".",
      out: harness.out,
      env: { WANDB_PROJECT: "pallets" },
      secrets: ["WANDB_API_KEY"],
    });
    const run = await unitrain.start(plan, { secrets: { WANDB_API_KEY: "a-very-secret-value" } });
    const events = await collectEvents(run);
    await run.result;
    const job = harness.cloud.jobs.get(`${run.id}-1`);
    expect(job?.env).toMatchObject({ WANDB_PROJECT: "pallets" });
    expect(job?.secrets).toEqual({ WANDB_API_KEY: "a-very-secret-value" });
    expect(JSON.stringify([plan, events])).not.toContain("a-very-secret-value");
  });

  test("are shown, with a warning, when they are too short to be masked", async () => {
    const harness = await createEngineHarness();
    vi.stubEnv("PIN", "12ab");
    onTestFinished(() => void vi.unstubAllEnvs());
    const unitrain = harness.process();
    const plan = await unitrain.plan({ data: ".", out: harness.out, secrets: ["PIN"] });
    const warning = {
      message: expect.stringContaining(
        "The value of PIN is not masked in logs: it is shorter than 6 characters",
      ),
    };
    expect(plan.findings).toContainEqual(expect.objectContaining({ ...warning, severity: "warning" }));
    const run = await unitrain.start(plan, { secrets: { PIN: "12ab" } });
    expect(await collectEvents(run)).toContainEqual(expect.objectContaining({ ...warning, type: "warning" }));
    await run.result;
  });

  test.each([
    [{ env: { "A-B": "1" } }, /"A-B"/],
    [{ secrets: ["1X"] }, /"1X"/],
    [{ env: { KEY: "1" }, secrets: ["KEY"] }, /The variable KEY is set twice/],
    [{ env: { KEY: "a\0b" } }, /NUL/],
  ] as const)("are refused by plan when they are invalid: %j", async (variables, message) => {
    const harness = await createEngineHarness();
    const planned: Promise<Plan> = harness.process().plan({ data: ".", ...variables });
    await expect(planned).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringMatching(message),
    });
  });
});

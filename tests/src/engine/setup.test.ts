import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { createLifetime, type Lifetime } from "@unitrain/conformance";
import { describe, expect, test } from "vitest";
import { createEngineHarness, type EngineHarness } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

const setup = ["apt-get install -y libgl1", "ldconfig"];

async function start(harness: EngineHarness, lifetime?: Lifetime) {
  const unitrain = harness.process(lifetime === undefined ? {} : { lifetime });
  return unitrain.start(await unitrain.plan({ data: ".", out: harness.out, setup }));
}

async function runUntilDeath(harness: EngineHarness, lifetime: Lifetime): Promise<void> {
  const completed = start(harness, lifetime).then((run) => run.result);
  await Promise.race([completed, lifetime.death]);
}

describe("setup lines", () => {
  test("run once, before the environment is installed, at whatever step the process is killed", async () => {
    const whole = createLifetime();
    await runUntilDeath(await createEngineHarness(), whole);
    const steps = [...whole.steps.entries()];
    const first = whole.steps.indexOf("session.start: before");
    const last = whole.steps.indexOf("ledger setup: after") + 2;
    expect(whole.steps.slice(first, last)).toContain("ledger setup: before");
    await sideBySide(steps.slice(first, last), async ([killAt, step]) => {
      const label = `killed at ${killAt}, ${step}`;
      const harness = await createEngineHarness();
      await runUntilDeath(harness, createLifetime(killAt));
      const run = await harness.process().attach();
      expect((await run.result).outcome, label).toBe("completed");
      const ids = [...harness.cloud.starts.keys()].map((id) => id.replace(run.id, ""));
      expect(ids, label).toEqual(["-setup", "-environment", "-1"]);
      expect([...harness.cloud.starts.values()], label).toEqual([1, 1, 1]);
      const log = await readFile(join(run.paths.folder, "environment.log"), "utf8");
      expect(log, label).toBe("+ setup line\ndone\ninstalling\ninstalled\n");
    });
  }, 60_000);

  test("that fail are reported with line and log, and the machine is released", async () => {
    const harness = await createEngineHarness();
    const log = '+ ldconfig\nno permission\n\nunitrain: the setup failed: {"line": 2}\n';
    Object.assign(harness.cloud.setup, { exitCode: 77, log });
    const run = await start(harness);
    await expect(run.result).rejects.toMatchObject({
      code: "ENVIRONMENT_FAILED",
      message: 'The setup line "ldconfig" ended with exit code 77:\n  + ldconfig\n  no permission',
      hint: expect.stringContaining(
        `The log of the installation is ${join(run.paths.folder, "environment.log")}.`,
      ),
    });
    expect(harness.cloud.alive()).toEqual([]);
    expect([...harness.cloud.starts.keys()]).toEqual([`${run.id}-setup`]);
  });

  test("that never end are stopped with the machine after an hour", async () => {
    const harness = await createEngineHarness();
    harness.cloud.setup.durationMs = 1e9;
    await expect((await start(harness)).result).rejects.toMatchObject({
      code: "ENVIRONMENT_FAILED",
      message: expect.stringContaining("it took longer than 60 minutes"),
    });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("that contain a secret are refused, because they are written to disk", async () => {
    const harness = await createEngineHarness();
    const setup = ["true", "pip install git+https://me:hunter2-horse@example.com/x"];
    const error = await harness
      .process()
      .plan({ data: ".", setup })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringContaining("A setup line holds a secret"),
    });
    expect(inspect(error)).not.toContain("hunter2");
  });

  test.each([[[" "]], [["a\0b"]]])("%j are refused", async (setup) => {
    const harness = await createEngineHarness();
    await expect(harness.process().plan({ data: ".", setup })).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
  });
});

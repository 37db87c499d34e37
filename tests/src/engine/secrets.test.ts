import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { createLifetime, type Lifetime, memoryFramework } from "@unitrain/conformance";
import { definePlugin, type Framework, openRuns, type Plugin, type Run } from "@unitrain/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { collectEvents, createEngineHarness, type EngineHarness, joinLog } from "./engine-harness.ts";

const canary = "canary-4f9a8b7c6d5e";
const other = "another-0a1b2c3d4e5f";

afterEach(() => vi.unstubAllEnvs());

interface Start {
  readonly secrets?: Readonly<Record<string, string>>;
  /** The step at which the process dies. */
  readonly diesAt: string;
  readonly plugins?: readonly Plugin[];
}

/** Starts a run on a rented machine, in a process that dies. */
async function startAndDie(
  harness: EngineHarness,
  { secrets = { TOKEN: canary }, diesAt, plugins = [] }: Start,
) {
  harness.cloud.training.log = `epoch 1/5 loss 1.0\nepoch 2/5 loss 0.5\nused ${canary} and ${other}\n`;
  const lifetime = createLifetime();
  const dying: Lifetime = {
    ...lifetime,
    get isDead() {
      return lifetime.isDead;
    },
    async pass(step) {
      if (step === diesAt) lifetime.kill();
      await lifetime.pass(step);
    },
  };
  const unitrain = harness.process({ lifetime: dying, plugins });
  const names = Object.keys(secrets).filter((name) => name !== "ADDED");
  const plan = await unitrain.plan({ data: ".", out: harness.out, secrets: names });
  const run = await unitrain.start(plan, { secrets });
  await lifetime.death;
  return run;
}

const readLog = (run: Run) => readFile(run.paths.log, "utf8");

describe("a run that is taken over", () => {
  test("before its training starts gets the values from the guardian, which masks the log", async () => {
    const harness = await createEngineHarness();
    const over = new AbortController();
    const guarded = harness.process().guard({ idleMs: 1e12, signal: over.signal });
    await vi.waitFor(async () =>
      expect(await harness.locks.holder(join(harness.home, "guardian.lock"))).toBeDefined(),
    );
    const run = await startAndDie(harness, { diesAt: "session.ship: before" });
    const follower = await harness.process().attach();
    expect((await follower.result).outcome).toBe("completed");
    expect(harness.cloud.jobs.get(`${run.id}-1`)?.secrets ?? {}).toEqual({ TOKEN: canary });
    expect(await readLog(run)).toBe(`epoch 1/5 loss 1.0\nepoch 2/5 loss 0.5\nused [redacted] and ${other}\n`);
    over.abort();
    await guarded;
    await expect(readFile(join(harness.home, "guardian-socket"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("before its training starts by a process without the values releases the machine and does nothing else", async () => {
    const harness = await createEngineHarness();
    await startAndDie(harness, { diesAt: "session.ship: before" });
    const again = await harness.process().attach();
    const events = await collectEvents(again);
    await expect(again.result).rejects.toMatchObject({ code: "SECRET_MISSING" });
    expect(harness.cloud.alive()).toEqual([]);
    expect(events.some((event) => event.type === "ship")).toBe(false);
  });

  test("by a process that has one of two values withholds the log, downloads the model and releases the machine", async () => {
    const harness = await createEngineHarness();
    const secrets = { TOKEN: canary, OTHER: other };
    const run = await startAndDie(harness, { secrets, diesAt: "ledger started: after" });
    const again = await harness.process().attach(run.id, { secrets: { TOKEN: canary } });
    const events = await collectEvents(again);
    const { outcome, artifacts, receipt } = await again.result;
    expect(outcome).toBe("completed");
    expect(artifacts.some(({ role }) => role === "model")).toBe(true);
    expect(receipt.epochs?.done).toBe(2);
    expect(harness.cloud.alive()).toEqual([]);
    const warning = events.find((event) => event.type === "warning" && event.withheldFor !== undefined);
    expect(warning).toMatchObject({ withheldFor: ["OTHER"] });
    expect(joinLog(events)).toMatch(
      /^\[unitrain withheld \d+ B of output, because the value of OTHER was missing\]\n$/,
    );
    expect(await readLog(run)).toBe(joinLog(events));
  });

  test("by a process without the value shows none of it as the name of a metric or the reason of an error", async () => {
    const harness = await createEngineHarness();
    const run = await startAndDie(harness, { diesAt: "ledger started: after" });
    const own = memoryFramework(harness.cloud, createLifetime());
    const quoting: Framework = {
      ...own,
      progress: () => ({
        text: (lines) => [
          {
            unit: "epoch",
            done: 1,
            complete: true,
            metrics: { [lines.match(/canary\S+/)?.[0] ?? "loss"]: 1 },
          },
        ],
        file: () => [],
      }),
      artifacts: {
        ...own.artifacts,
        locate: async ({ logTail }, context) => {
          context.showStatus(`looking for ${logTail}`);
          throw new Error(`Cannot find a folder in: ${logTail}`);
        },
      },
    };
    const again = await harness.process({ framework: quoting }).attach(run.id);
    const events = await collectEvents(again);
    await again.result.catch((error) => expect(inspect(error)).not.toContain(canary));
    expect(events.some((event) => event.type === "progress")).toBe(true);
    expect(JSON.stringify(events)).not.toContain(canary);
  });

  test("by gc masks the log with a value from the environment, and withholds it without", async () => {
    for (const isSet of [true, false]) {
      const harness = await createEngineHarness();
      if (isSet) vi.stubEnv("TOKEN", canary);
      else vi.unstubAllEnvs();
      const run = await startAndDie(harness, { diesAt: "ledger started: after" });
      harness.clock.advance(120_000);
      const { trainings } = await harness.process().gc();
      expect(trainings.map(({ model }) => model)).not.toContain("lost");
      expect(harness.cloud.alive()).toEqual([]);
      const log = await readLog(run);
      expect(log).toContain(isSet ? "used [redacted] and" : "[unitrain withheld");
      expect(log).not.toContain(canary);
    }
  });

  test("withholds the log for a secret that a plugin added", async () => {
    const harness = await createEngineHarness();
    const adding = () => [
      definePlugin({
        name: "adding",
        hooks: { run: (job) => ({ ...job, secrets: [...job.secrets, "ADDED"] }) },
      }),
    ];
    const secrets = { TOKEN: canary, ADDED: other };
    const run = await startAndDie(harness, { secrets, diesAt: "ledger started: after", plugins: adding() });
    const again = await harness.process({ plugins: adding() }).attach(run.id, { secrets: { TOKEN: canary } });
    await again.result;
    expect(await readLog(run)).toContain("because the value of ADDED was missing");
  });
});

test("the guardian's log and its list of problems hold no secret, whatever an adapter throws", async () => {
  const harness = await createEngineHarness();
  const run = await startAndDie(harness, { diesAt: "session.ship: before" });
  vi.stubEnv("TOKEN", canary);
  const over = new AbortController();
  const said: string[] = [];
  const memoryProvider = () => {
    throw new Error(`refused: ${canary}`);
  };
  await openRuns({
    home: harness.home,
    load: async () => ({ memoryProvider }),
    ports: { locks: harness.locks, clock: harness.clock },
  }).guard({
    idleMs: 1e9,
    signal: over.signal,
    showStatus(message) {
      said.push(message);
      over.abort();
    },
  });
  const refused = "Cannot create the provider: refused: [redacted]";
  expect(said).toEqual([expect.stringContaining(`${run.name}: ${refused}`)]);
  await vi.waitFor(async () =>
    expect(await readFile(join(harness.home, "guardian-problems.json"), "utf8")).toContain(refused),
  );
});

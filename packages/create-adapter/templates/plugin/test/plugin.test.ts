import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  createLifetime,
  killablePorts,
  memoryCloud,
  memoryFramework,
  memoryLocks,
  memoryProvider,
  memoryTransport,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain } from "@unitrain/core";
import { checkAdapter, type UnitrainError } from "@unitrain/core/spec";
import { type AcmeNameOptions, acmeName } from "../src/index.ts";

// 3. Whole runs in memory, with a virtual clock, so that an hour of training takes a moment. Check what your hooks change.
async function train(options: AcmeNameOptions = {}) {
  const home = await mkdtemp(join(tmpdir(), "acme-name-"));
  const clock = virtualClock();
  const cloud = memoryCloud(clock);
  cloud.training.log = `employee E-123456\n${cloud.training.log}`;
  const life = createLifetime();
  const unitrain = createUnitrain({
    home: join(home, "state"),
    guardian: false,
    ports: killablePorts(life, clock, memoryLocks()),
    provider: memoryProvider(cloud, {}, life),
    transport: memoryTransport(cloud, life),
    framework: memoryFramework(cloud, life),
    plugins: [acmeName(options)],
  });
  try {
    const run = await unitrain.start(await unitrain.plan({ data: ".", out: join(home, "out") }));
    let log = "";
    for await (const event of run.events) if (event.type === "log") log += event.text;
    const ending = await run.result.then(
      ({ outcome }) => outcome,
      ({ code }: UnitrainError) => code,
    );
    return { cloud, log, ending };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

test("is a plugin, and its recipe is JSON", () => {
  const plugin = acmeName();
  checkAdapter("plugin", plugin);
  assert.deepEqual(JSON.parse(JSON.stringify(plugin.recipe)), plugin.recipe);
});

test("a run with it completes, and its hooks have their effects", async () => {
  const { cloud, log, ending } = await train();
  assert.equal(ending, "completed");
  assert.ok([...cloud.jobs.values()].some(({ env }) => env.ACME_NAME === "1"));
  assert.match(log, /^employee \[employee\]$/m);
  assert.deepEqual(cloud.alive(), []);
});

test("refuses a machine that is too small, which is then released", async () => {
  const { cloud, ending } = await train({ minCpus: 1_000_000 });
  assert.equal(ending, "NOT_READY");
  assert.deepEqual(cloud.alive(), []);
});

test("refuses unknown options", () => {
  assert.throws(() => acmeName({ cpus: 4 } as AcmeNameOptions), { code: "INVALID_OPTIONS" });
});

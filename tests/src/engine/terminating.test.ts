import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  createLife,
  memoryFramework,
  memoryProvider,
  memoryTransport,
  mortalPorts,
} from "@unitrain/conformance";
import { createUnitrain, type Run, UnitrainError } from "@unitrain/core";
import type { Provider, Resource } from "@unitrain/core/spec";
import { describe, expect, test } from "vitest";
import { createStage, eventsOf, type Stage, startRun } from "./engine-harness.ts";

const hourMs = 3600_000;

/** A training of an hour that has begun. */
async function trainingRun(stage: Stage): Promise<Run> {
  stage.world.training.durationMs = hourMs;
  const run = await startRun(stage.process(), stage);
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  return run;
}

/** When the provider was asked to end the instance. */
function terminatedAt({ world }: Stage): number {
  const instance = world.bill.find(({ kind }) => kind === "instance");
  return (instance?.endingAt ?? Number.POSITIVE_INFINITY) - world.endsAfterMs;
}

/** Resolves `asked` when a step is about to be done; then does something before it. */
function lifeThatTells(step: string, before = async () => {}) {
  const inner = createLife();
  const asked = Promise.withResolvers<void>();
  const life = {
    ...inner,
    async pass(passed: string) {
      if (passed === step) {
        asked.resolve();
        await before();
      }
      await inner.pass(passed);
    },
  };
  return { life, asked: asked.promise };
}

describe("terminating waits for nothing", () => {
  test("not for a provider that hangs while it rents: what has an id is released beside it", async () => {
    const stage = await createStage();
    stage.world.faults.on("provider.address", "hangs");
    const { life, asked } = lifeThatTells("provider.address: before");
    const run = await startRun(stage.process({ life }), stage);
    await asked;
    const stoppedAt = stage.clock.now();
    await run.stop();
    expect(terminatedAt(stage) - stoppedAt).toBeLessThan(10_000);
    expect(stage.clock.now() - stoppedAt).toBeLessThan(5 * 60_000);
    expect(stage.world.alive()).toEqual([]);
  });

  test("not for an address that appears after the instance was released", async () => {
    const stage = await createStage();
    const { life, asked } = lifeThatTells("provider.address: before", () => stage.clock.wait(60_000));
    const run = await startRun(stage.process({ life }), stage);
    await asked;
    await run.stop();
    expect(stage.world.bill.map(({ kind }) => kind)).toContain("address");
    expect(stage.world.alive()).toEqual([]);
  });

  test("not for a look at the machine that hangs", async () => {
    const stage = await createStage();
    stage.world.faults.on("provider.look", "hangs", 1_000);
    const run = await startRun(stage.process(), stage);
    for await (const event of run.events) if (event.type === "phase" && event.phase === "connect") break;
    const stoppedAt = stage.clock.now();
    await run.stop();
    expect(terminatedAt(stage) - stoppedAt).toBeLessThan(5_000);
  });

  test("not for a connection that does not close", async () => {
    const stage = await createStage();
    const run = await trainingRun(stage);
    stage.world.faults.on("session.close", "hangs", 1_000);
    const stoppedAt = stage.clock.now();
    await run.stop({ discard: true });
    expect(terminatedAt(stage) - stoppedAt).toBeLessThan(4_000);
  });

  test("not for a machine that cannot be reached any more, of a provider that does not answer", async () => {
    const stage = await createStage();
    const run = await trainingRun(stage);
    stage.world.faults.on("session.stop", "cut", 10_000);
    stage.world.faults.on("transport.connect", "hangs", 10_000);
    stage.world.faults.on("provider.look", "hangs", 10_000);
    // The one that stops the job connects anew; whoever follows it is cut later, and waits for the same connection.
    const stopping = run.stop();
    for await (const event of run.events) if (event.type === "connection") break;
    stage.world.faults.on("session.follow-part", "cut", 10_000);
    await stage.clock.wait(hourMs / 2);
    const discardedAt = stage.clock.now();
    await run.stop({ discard: true });
    await stopping;
    expect(terminatedAt(stage) - discardedAt).toBeLessThan(10_000);
    expect(stage.world.alive()).toEqual([]);
  });

  test("not for a download that hangs, also of a run without a limit", async () => {
    const stage = await createStage();
    stage.world.faults.on("session.fetch", "hangs", 1_000);
    const begin = stage.clock.now();
    const run = await startRun(stage.process(), stage);
    await expect(run.result).rejects.toMatchObject({
      code: "TIMED_OUT",
      message: expect.stringContaining("nothing moved for 10 minutes"),
    });
    expect(terminatedAt(stage) - begin).toBeLessThan(30 * 60_000);
    expect(stage.world.alive()).toEqual([]);
  });

  test("not for a ledger that can no longer be written: what is proven gone is asked for once", async () => {
    const stage = await createStage();
    let full = false;
    const life = createLife();
    const ports = mortalPorts(life, stage.clock, stage.locks);
    const unitrain = createUnitrain({
      home: stage.home,
      guardian: false,
      provider: memoryProvider(stage.world, {}, life),
      transport: memoryTransport(stage.world, life),
      framework: memoryFramework(stage.world, life),
      ports: {
        ...ports,
        openLedgerFile: async (path) => {
          const file = await ports.openLedgerFile(path);
          return {
            append: async (line) => {
              if (full) throw Object.assign(new Error("disk full"), { code: "ENOSPC" });
              await file.append(line);
            },
          };
        },
      },
    });
    const run = await startRun(unitrain, stage);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    full = true;
    await run.stop();
    expect(stage.world.alive()).toEqual([]);
    expect(life.steps.filter((step) => step === "provider.release: after")).toHaveLength(1);
    // It is not known to the record: so it is kept, and said.
    await expect(run.result).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(/^memory has confirmed that all of it is gone, .* cannot be written/),
    });
    full = false;
    expect((await stage.process().gc()).unconfirmed).toEqual([]);
  });

  test("not for a key that is refused: it is said at once, tried a few times, and kept", async () => {
    const stage = await createStage();
    const unitrain = withRefusals(stage, 1_000);
    const run = await startRun(unitrain, stage);
    const events = await eventsOf(run);
    await expect(run.result).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(/answered 401.*See whether the key is still listed/),
    });
    const told = events.find((event) => event.type === "status" && event.message.includes("answered 401"));
    const begun = events.find(
      (event) => event.type === "phase" && event.phase === "teardown" && event.state === "started",
    );
    const seconds = (at = "") => Date.parse(at) / 1000;
    expect(seconds(told?.at) - seconds(begun?.at)).toBeLessThan(10);
    expect(seconds(events.at(-1)?.at) - seconds(begun?.at)).toBeLessThan(60);
    // Its key is kept: the machine is there.
    expect(await readdir(join(run.paths.folder, "leases"))).toHaveLength(1);
    expect((await stage.process().runs())[0]).toMatchObject({ state: "release-unconfirmed" });
    expect((await stage.process().gc()).unconfirmed).toEqual([]);
    expect(stage.world.alive()).toEqual([]);
  });

  test("one refusal is no revoked key", async () => {
    const stage = await createStage();
    const run = await startRun(withRefusals(stage, 3), stage);
    expect((await run.result).receipt.lease.release).toBe("released");
    expect(stage.world.alive()).toEqual([]);
  });
});

/** A process whose provider refuses the key so often when it releases. */
function withRefusals(stage: Stage, times: number) {
  const inner = memoryProvider(stage.world);
  let refused = 0;
  const provider: Provider = {
    ...inner,
    async release(resources, context) {
      refused += 1;
      if (refused > times) return inner.release(resources, context);
      throw new UnitrainError("PROVIDER_ACCESS", "POST /terminate answered 401.", {
        hint: "See whether the key is still listed.",
      });
    },
  };
  return createUnitrain({
    home: stage.home,
    guardian: false,
    ports: mortalPorts(createLife(), stage.clock, stage.locks),
    provider,
    transport: memoryTransport(stage.world),
    framework: memoryFramework(stage.world),
  });
}

describe("what is not confirmed gone", () => {
  test("is one message for all of it", async () => {
    const stage = await createStage();
    stage.world.faults.on("provider.end-ssh-key", "hangs", 1_000);
    const run = await startRun(stage.process(), stage);
    const events = await eventsOf(run);
    expect(events.filter((event) => event.type === "warning" && /confirmed/.test(event.message))).toEqual([]);
    await expect(run.result).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(
        /^Not confirmed gone, and perhaps costing \$2.25 an hour: (?=.*ssh-key)(?=.*instance)(?=.*address)/,
      ),
    });
  });
});

test("a key that is not confirmed gone has no price", async () => {
  const stage = await createStage();
  const run = await startRun(keyStays(stage), stage);
  await expect(run.result).rejects.toMatchObject({
    code: "RELEASE_UNCONFIRMED",
    message: expect.stringMatching(/^Not confirmed gone, but free: ssh-key [^$]*$/),
  });
});

/** A process whose provider releases everything but the key. */
function keyStays(stage: Stage) {
  const inner = memoryProvider(stage.world);
  const provider: Provider = {
    ...inner,
    release: (resources, context) =>
      inner.release(
        resources.filter(({ kind }) => kind !== "ssh-key"),
        context,
      ),
  };
  return createUnitrain({
    home: stage.home,
    guardian: false,
    ports: mortalPorts(createLife(), stage.clock, stage.locks),
    provider,
    transport: memoryTransport(stage.world),
    framework: memoryFramework(stage.world),
  });
}

describe("a provider that cannot be asked", () => {
  test.each([0, 1, 2, 3, 4, 5])("at look %i does not end a good machine", async (at) => {
    const stage = await createStage();
    const run = await startRun(
      withLooks(stage, (look) => look === at),
      stage,
    );
    expect((await run.result).outcome).toBe("completed");
  });

  test("until the phase's deadline is told as the provider's fault, with what it answered", async () => {
    const stage = await createStage();
    const run = await startRun(
      withLooks(stage, () => true),
      stage,
    );
    await expect(run.result).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringContaining("503 Service Unavailable"),
    });
    expect(stage.world.alive()).toEqual([]);
  });

  test("for ten minutes in the middle of a training costs nothing of it", async () => {
    const stage = await createStage();
    const run = await trainingRun(stage);
    stage.world.faults.on("session.follow-part", "cut", 3);
    stage.world.faults.on("transport.connect", "cut", 20);
    stage.world.faults.on("provider.look", "throws", 60);
    expect((await run.result).outcome).toBe("completed");
  });
});

describe("a machine that ran", () => {
  const stopped = { answers: { state: "stopped", detail: "SHUTOFF" } };

  test("is not over for one odd answer of its provider", async () => {
    const stage = await createStage();
    const run = await trainingRun(stage);
    stage.world.faults.on("session.follow-part", "cut", 1);
    stage.world.faults.on("transport.connect", "cut", 2);
    stage.world.faults.on("provider.look", stopped, 1);
    expect((await run.result).outcome).toBe("completed");
  });

  test("is over when its provider says so again and again", async () => {
    const stage = await createStage();
    const run = await trainingRun(stage);
    stage.world.faults.on("session.follow-part", "cut", 1);
    stage.world.faults.on("transport.connect", "cut", 10_000);
    stage.world.faults.on("provider.look", stopped, 10_000);
    const begin = stage.clock.now();
    await expect(run.result).rejects.toMatchObject({ code: "MACHINE_GONE" });
    expect(stage.clock.now() - begin).toBeLessThan(hourMs / 2);
    expect(stage.world.alive()).toEqual([]);
  });
});

test("a machine that ran is looked at and released as one that was seen: missing then means gone", async () => {
  const stage = await createStage();
  const given: (readonly Resource[])[] = [];
  const run = await startRun(
    withLooks(stage, () => false, given),
    stage,
  );
  await run.result;
  const [first] = given;
  expect(first?.some(({ seenAt }) => seenAt !== undefined)).toBe(false);
  expect(given.at(-1)?.every(({ seenAt }) => seenAt !== undefined)).toBe(true);
});

/** A process whose provider answers 503 to the looks that are named. */
function withLooks(stage: Stage, fails: (look: number) => boolean, given: (readonly Resource[])[] = []) {
  const inner = memoryProvider(stage.world);
  let looks = 0;
  const provider: Provider = {
    ...inner,
    async getMachineState(resources, context) {
      given.push(resources);
      looks += 1;
      if (fails(looks - 1)) throw new Error("503 Service Unavailable");
      return inner.getMachineState(resources, context);
    },
    release(resources, context) {
      given.push(resources);
      return inner.release(resources, context);
    },
  };
  return createUnitrain({
    home: stage.home,
    guardian: false,
    ports: mortalPorts(createLife(), stage.clock, stage.locks),
    provider,
    transport: memoryTransport(stage.world),
    framework: memoryFramework(stage.world),
  });
}

import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import {
  createLifetime,
  killablePorts,
  memoryFramework,
  memoryProvider,
  memoryTransport,
} from "@unitrain/conformance";
import { createUnitrain, type Run, UnitrainError } from "@unitrain/core";
import type { Provider, Resource } from "@unitrain/core/spec";
import { describe, expect, test } from "vitest";
import {
  collectEvents,
  createEngineHarness,
  type EngineHarness,
  getLeaseLedgerPath,
  startRun,
} from "./engine-harness.ts";

const hourMs = 3600_000;

/** Starts a training of an hour. */
async function trainingRun(harness: EngineHarness): Promise<Run> {
  harness.cloud.training.durationMs = hourMs;
  const run = await startRun(harness.process(), harness);
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  return run;
}

/** Creates a process with its own provider. */
function processWith(harness: EngineHarness, provider: Provider) {
  return createUnitrain({
    home: harness.home,
    guardian: false,
    ports: killablePorts(createLifetime(), harness.clock, harness.locks),
    provider,
    transport: memoryTransport(harness.cloud),
    framework: memoryFramework(harness.cloud),
  });
}

/** Returns when the provider was asked to end the instance. */
function terminatedAt({ cloud }: EngineHarness): number {
  const instance = cloud.bill.find(({ kind }) => kind === "instance");
  return (instance?.endingAt ?? Number.POSITIVE_INFINITY) - cloud.endsAfterMs;
}

/** Resolves `requested` when a step is about to start, and runs `before` first. */
function createReportingLifetime(step: string, before = async () => {}) {
  const inner = createLifetime();
  const requested = Promise.withResolvers<void>();
  const lifetime = {
    ...inner,
    async pass(passed: string) {
      if (passed === step) {
        requested.resolve();
        await before();
      }
      await inner.pass(passed);
    },
  };
  return { lifetime, requested: requested.promise };
}

describe("terminating", () => {
  test("does not wait for a provider that hangs while it rents, and releases resources with an id meanwhile", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("provider.address", "hangs");
    const { lifetime, requested } = createReportingLifetime("provider.address: before");
    const run = await startRun(harness.process({ lifetime }), harness);
    await requested;
    const stoppedAt = harness.clock.now();
    await run.stop();
    expect(terminatedAt(harness) - stoppedAt).toBeLessThan(10_000);
    expect(harness.clock.now() - stoppedAt).toBeLessThan(5 * 60_000);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("does not wait for an address that appears after the instance was released", async () => {
    const harness = await createEngineHarness();
    const { lifetime, requested } = createReportingLifetime("provider.address: before", () =>
      harness.clock.wait(60_000),
    );
    const run = await startRun(harness.process({ lifetime }), harness);
    await requested;
    await run.stop();
    expect(harness.cloud.bill.map(({ kind }) => kind)).toContain("address");
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("does not wait for a check of the machine's state that hangs", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("provider.getMachineState", "hangs", 1_000);
    const run = await startRun(harness.process(), harness);
    for await (const event of run.events) if (event.type === "phase" && event.phase === "connect") break;
    const stoppedAt = harness.clock.now();
    await run.stop();
    expect(terminatedAt(harness) - stoppedAt).toBeLessThan(5_000);
  });

  test("does not wait for a connection that does not close", async () => {
    const harness = await createEngineHarness();
    const run = await trainingRun(harness);
    harness.cloud.faults.on("session.close", "hangs", 1_000);
    const stoppedAt = harness.clock.now();
    await run.stop({ discard: true });
    expect(terminatedAt(harness) - stoppedAt).toBeLessThan(4_000);
  });

  test("does not wait for an unreachable machine of a provider that does not answer", async () => {
    const harness = await createEngineHarness();
    const run = await trainingRun(harness);
    harness.cloud.faults.on("session.stop", "cut", 10_000);
    harness.cloud.faults.on("transport.connect", "hangs", 10_000);
    harness.cloud.faults.on("provider.getMachineState", "hangs", 10_000);
    // The stop of the job reconnects first; following it fails later, and waits for the same connection.
    const stopping = run.stop();
    for await (const event of run.events) if (event.type === "connection") break;
    harness.cloud.faults.on("session.follow-part", "cut", 10_000);
    await harness.clock.wait(hourMs / 2);
    const discardedAt = harness.clock.now();
    await run.stop({ discard: true });
    await stopping;
    expect(terminatedAt(harness) - discardedAt).toBeLessThan(10_000);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("does not wait for a download that hangs, also in a run without a limit", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("session.fetch", "hangs", 1_000);
    const begin = harness.clock.now();
    const run = await startRun(harness.process(), harness);
    await expect(run.result).rejects.toMatchObject({
      code: "TIMED_OUT",
      message: expect.stringContaining("made no progress for 10 minutes"),
    });
    expect(terminatedAt(harness) - begin).toBeLessThan(30 * 60_000);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("does not wait for a ledger that is no longer writable, and requests the release of proven resources only once", async () => {
    const harness = await createEngineHarness();
    let full = false;
    const lifetime = createLifetime();
    const ports = killablePorts(lifetime, harness.clock, harness.locks);
    const unitrain = createUnitrain({
      home: harness.home,
      guardian: false,
      provider: memoryProvider(harness.cloud, {}, lifetime),
      transport: memoryTransport(harness.cloud, lifetime),
      framework: memoryFramework(harness.cloud, lifetime),
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
    const run = await startRun(unitrain, harness);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    full = true;
    await run.stop();
    expect(harness.cloud.alive()).toEqual([]);
    expect(lifetime.steps.filter((step) => step === "provider.release: after")).toHaveLength(1);
    // The record does not contain the release, so it is kept and reported.
    await expect(run.result).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(
        /^memory has confirmed that all resources are gone, .* cannot be written/,
      ),
    });
    full = false;
    expect((await harness.process().gc()).unconfirmed).toEqual([]);
  });

  test("does not wait for a rejected key, which is reported at once and retried a few times while the record is kept", async () => {
    const harness = await createEngineHarness();
    const unitrain = withRefusals(harness, 1_000);
    const run = await startRun(unitrain, harness);
    const events = await collectEvents(run);
    await expect(run.result).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(/answered 401.*See whether the key is still listed/),
    });
    const messages = events.find(
      (event) => event.type === "status" && event.message.includes("answered 401"),
    );
    const begun = events.find(
      (event) => event.type === "phase" && event.phase === "teardown" && event.state === "started",
    );
    const seconds = (at = "") => Date.parse(at) / 1000;
    expect(seconds(messages?.at) - seconds(begun?.at)).toBeLessThan(10);
    expect(seconds(events.at(-1)?.at) - seconds(begun?.at)).toBeLessThan(60);
    // Its key is kept, because the machine exists.
    expect(await readdir(dirname(getLeaseLedgerPath(harness, run)))).toContain("keys");
    expect((await harness.process().runs())[0]).toMatchObject({ state: "release-unconfirmed" });
    expect((await harness.process().gc()).unconfirmed).toEqual([]);
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("does not take a single rejection for a revoked key", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(withRefusals(harness, 3), harness);
    expect((await run.result).receipt.lease.release).toBe("released");
    expect(harness.cloud.alive()).toEqual([]);
  });
});

/** Creates a process whose provider rejects the key that many times during a release. */
function withRefusals(harness: EngineHarness, times: number) {
  const inner = memoryProvider(harness.cloud);
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
  return processWith(harness, provider);
}

describe("unconfirmed resources", () => {
  test("are reported in one message", async () => {
    const harness = await createEngineHarness();
    harness.cloud.faults.on("provider.end-ssh-key", "hangs", 1_000);
    const run = await startRun(harness.process(), harness);
    const events = await collectEvents(run);
    expect(events.filter((event) => event.type === "warning" && /confirmed/.test(event.message))).toEqual([]);
    await expect(run.result).rejects.toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(
        /^Not confirmed gone, and perhaps costing \$2.25 an hour: (?=.*ssh-key)(?=.*instance)(?=.*address)/,
      ),
    });
  });
});

test("an unconfirmed key has no price", async () => {
  const harness = await createEngineHarness();
  const run = await startRun(keyStays(harness), harness);
  await expect(run.result).rejects.toMatchObject({
    code: "RELEASE_UNCONFIRMED",
    message: expect.stringMatching(/^Not confirmed gone, but free: ssh-key [^$]*$/),
  });
});

/** Creates a process whose provider releases everything except the SSH key. */
function keyStays(harness: EngineHarness) {
  const inner = memoryProvider(harness.cloud);
  const provider: Provider = {
    ...inner,
    release: (resources, context) =>
      inner.release(
        resources.filter(({ kind }) => kind !== "ssh-key"),
        context,
      ),
  };
  return processWith(harness, provider);
}

describe("a provider that does not answer", () => {
  test.each([0, 1, 2, 3, 4, 5])("at check %i does not end a working machine", async (at) => {
    const harness = await createEngineHarness();
    const run = await startRun(
      failPolls(harness, (attempt) => attempt === at),
      harness,
    );
    expect((await run.result).outcome).toBe("completed");
  });

  test("until the phase's deadline is reported as the provider's fault, with its response", async () => {
    const harness = await createEngineHarness();
    const run = await startRun(
      failPolls(harness, () => true),
      harness,
    );
    await expect(run.result).rejects.toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringContaining("503 Service Unavailable"),
    });
    expect(harness.cloud.alive()).toEqual([]);
  });

  test("for ten minutes during a training does not affect it", async () => {
    const harness = await createEngineHarness();
    const run = await trainingRun(harness);
    harness.cloud.faults.on("session.follow-part", "cut", 3);
    harness.cloud.faults.on("transport.connect", "cut", 20);
    harness.cloud.faults.on("provider.getMachineState", "throws", 60);
    expect((await run.result).outcome).toBe("completed");
  });
});

describe("a machine that was running", () => {
  const stopped = { answers: { state: "stopped", detail: "SHUTOFF" } };

  test("does not end the run after one unusual response of its provider", async () => {
    const harness = await createEngineHarness();
    const run = await trainingRun(harness);
    harness.cloud.faults.on("session.follow-part", "cut", 1);
    harness.cloud.faults.on("transport.connect", "cut", 2);
    harness.cloud.faults.on("provider.getMachineState", stopped, 1);
    expect((await run.result).outcome).toBe("completed");
  });

  test("ends the run when its provider repeatedly reports that it stopped", async () => {
    const harness = await createEngineHarness();
    const run = await trainingRun(harness);
    harness.cloud.faults.on("session.follow-part", "cut", 1);
    harness.cloud.faults.on("transport.connect", "cut", 10_000);
    harness.cloud.faults.on("provider.getMachineState", stopped, 10_000);
    const begin = harness.clock.now();
    await expect(run.result).rejects.toMatchObject({ code: "MACHINE_GONE" });
    expect(harness.clock.now() - begin).toBeLessThan(hourMs / 2);
    expect(harness.cloud.alive()).toEqual([]);
  });
});

test("a machine that was running counts as seen for state and release, so that missing means gone", async () => {
  const harness = await createEngineHarness();
  const releaseRequests: (readonly Resource[])[] = [];
  const run = await startRun(
    failPolls(harness, () => false, releaseRequests),
    harness,
  );
  await run.result;
  const [first] = releaseRequests;
  expect(first?.some(({ seenAt }) => seenAt !== undefined)).toBe(false);
  expect(releaseRequests.at(-1)?.every(({ seenAt }) => seenAt !== undefined)).toBe(true);
});

/** Creates a process whose provider answers the given checks with 503. */
function failPolls(
  harness: EngineHarness,
  fails: (attempt: number) => boolean,
  releaseRequests: (readonly Resource[])[] = [],
) {
  const inner = memoryProvider(harness.cloud);
  let polls = 0;
  const provider: Provider = {
    ...inner,
    async getMachineState(resources, context) {
      releaseRequests.push(resources);
      polls += 1;
      if (fails(polls - 1)) throw new Error("503 Service Unavailable");
      return inner.getMachineState(resources, context);
    },
    release(resources, context) {
      releaseRequests.push(resources);
      return inner.release(resources, context);
    },
  };
  return processWith(harness, provider);
}

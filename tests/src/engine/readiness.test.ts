import {
  createLifetime,
  killablePorts,
  memoryFramework,
  memoryProvider,
  memoryTransport,
} from "@unitrain/conformance";
import { createUnitrain, type Run } from "@unitrain/core";
import type { MachineState, NotReady, Transport } from "@unitrain/core/spec";
import { expect, test } from "vitest";
import { collectEvents, createEngineHarness, type EngineHarness } from "./engine-harness.ts";

interface Boot {
  /** The result of an attempt, by the number of earlier ones; undefined means success. */
  readonly answer: (tries: number) => NotReady | undefined;
  readonly readyTimeoutMs?: number;
  readonly state?: (tries: number) => MachineState | undefined;
  readonly ownership?: "rented" | "borrowed";
}

/** Starts a run on a machine that boots slowly, and records the times of the attempts. */
async function bootingRun(
  harness: EngineHarness,
  { answer, readyTimeoutMs, state, ownership = "rented" }: Boot,
) {
  const lifetime = createLifetime();
  const triedAt: number[] = [];
  const inner = memoryTransport(harness.cloud, lifetime);
  const transport: Transport = {
    ...inner,
    ...(readyTimeoutMs === undefined ? {} : { readyTimeoutMs }),
    async connect(machine, context) {
      const not = answer(triedAt.length);
      triedAt.push(harness.clock.now());
      return not ?? inner.connect(machine, context);
    },
  };
  const rented = memoryProvider(harness.cloud, { ownership }, lifetime);
  const unitrain = createUnitrain({
    home: harness.home,
    guardian: false,
    ports: killablePorts(lifetime, harness.clock, harness.locks),
    provider: {
      ...rented,
      getMachineState: async (resources, context) =>
        state?.(triedAt.length) ?? rented.getMachineState(resources, context),
    },
    transport,
    framework: memoryFramework(harness.cloud, lifetime),
  });
  const run: Run = await unitrain.start(await unitrain.plan({ data: ".", out: harness.out }));
  run.result.catch(() => {});
  return { run, triedAt };
}

const notYet = (step: string, reason: string): NotReady => ({ ready: false, step, reason });

test("tries ports every 250 ms and logins less and less often, and shows each reason once", async () => {
  const harness = await createEngineHarness();
  const { run, triedAt } = await bootingRun(harness, {
    answer: (tries) =>
      tries < 4
        ? notYet("tcp", "refused")
        : tries < 6
          ? notYet("banner", "silent")
          : tries < 11
            ? notYet("login", "no key")
            : undefined,
  });
  const events = await collectEvents(run);
  expect((await run.result).outcome).toBe("completed");
  const waits = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
  expect(waits.slice(0, 6)).toEqual([250, 250, 250, 250, 250, 250]);
  expect(waits.slice(6, 11)).toEqual([500, 1000, 1000, 1000, 1000]);
  const messages = events.flatMap((event) => (event.type === "status" ? [event.message] : []));
  expect(messages.filter((message) => /refused|silent|no key/.test(message))).toEqual([
    "waiting: tcp: refused",
    "waiting: banner: silent",
    "waiting: login: no key",
  ]);
});

test("releases a machine that refuses every login when the transport gives up", async () => {
  const harness = await createEngineHarness();
  const { run, triedAt } = await bootingRun(harness, {
    answer: () => notYet("tcp", "refused"),
    readyTimeoutMs: 30_000,
  });
  await expect(run.result).rejects.toMatchObject({
    code: "NOT_READY",
    message: expect.stringContaining("tcp: refused"),
  });
  expect((triedAt.at(-1) ?? 0) - (triedAt[0] ?? 0)).toBeGreaterThan(29_000);
  expect((triedAt.at(-1) ?? 0) - (triedAt[0] ?? 0)).toBeLessThan(32_000);
  expect(harness.cloud.alive()).toEqual([]);
});

test("does not wait for a machine that is gone", async () => {
  const harness = await createEngineHarness();
  const { run, triedAt } = await bootingRun(harness, {
    answer: () => notYet("tcp", "refused"),
    state: (tries) => (tries >= 3 ? { state: "gone", evidence: "404" } : undefined),
  });
  await expect(run.result).rejects.toMatchObject({ code: "MACHINE_GONE" });
  expect((triedAt.at(-1) ?? 0) - (triedAt[0] ?? 0)).toBeLessThan(6_000);
});

test("fails at once when waiting cannot help", async () => {
  const harness = await createEngineHarness();
  const { run, triedAt } = await bootingRun(harness, {
    answer: () => ({ ...notYet("banner", "it speaks HTTP"), final: true }),
  });
  await expect(run.result).rejects.toMatchObject({
    code: "NOT_READY",
    message: expect.stringContaining("it speaks HTTP"),
  });
  expect(triedAt).toHaveLength(1);
});

test.each([
  ["rented", 120_000],
  ["borrowed", 20_000],
] as const)("waits for a %s machine for %i ms by default", async (ownership, patienceMs) => {
  const harness = await createEngineHarness();
  const { run, triedAt } = await bootingRun(harness, { answer: () => notYet("tcp", "refused"), ownership });
  await expect(run.result).rejects.toMatchObject({ code: "NOT_READY" });
  const waitedMs = (triedAt.at(-1) ?? 0) - (triedAt[0] ?? 0);
  expect(waitedMs).toBeGreaterThan(patienceMs - 1_000);
  expect(waitedMs).toBeLessThan(patienceMs + 2_000);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "@unitrain/cloud-emulator/canopywave";
import {
  createLife,
  type Life,
  type MemoryWorld,
  memoryFramework,
  memoryLocks,
  memoryTransport,
  memoryWorld,
  mortalPorts,
  type VirtualClock,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain, type Unitrain } from "@unitrain/core";
import { canopywave } from "@unitrain/provider-canopywave";
import { expect } from "vitest";

/** An emulated cloud behind real HTTP, a machine in memory, and as many processes of one computer as a test wants. */
export interface CloudStage {
  readonly emulator: Emulator;
  readonly world: MemoryWorld;
  readonly home: string;
  readonly out: string;
  /** A new process. Its life is asked before and after each request, each ledger write and each call to the machine. */
  process(life?: Life): Unitrain;
  /** What exists and is ours. */
  ours(): readonly string[];
  expectOthersUntouched(where: string): void;
}

/** Gone when `use` is over: a sweep has hundreds of them. */
export async function onCloud(
  use: (stage: CloudStage) => Promise<void>,
  cloud: Partial<EmulatorOptions> = {},
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "unitrain-cloud-"));
  const clock = virtualClock();
  const locks = memoryLocks();
  const world = memoryWorld(clock);
  const emulator = await startEmulator({ folder: join(home, "cloud"), clock, ...cloud });
  const theirs = () => existing(emulator, true).join();
  const before = theirs();
  try {
    await use({
      emulator,
      world,
      home,
      out: join(home, "out"),
      process: (life = createLife()) =>
        createUnitrain({
          home,
          guardian: false,
          ports: mortalPorts(life, clock, locks),
          provider: canopywave({
            baseUrl: emulator.url,
            apiKey: emulator.apiKey,
            now: clock.now,
            gpu: "H100",
            // Of the real clock: a silent answer must not hold a virtual hour up.
            timeoutMs: 1_000,
            fetch: mortalFetch(life, clock),
          }),
          transport: memoryTransport(world, life, ["ssh"]),
          framework: memoryFramework(world, life),
        }),
      ours: () => existing(emulator, false),
      expectOthersUntouched: (where) => expect(theirs(), where).toBe(before),
    });
  } finally {
    await emulator.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A request that a dead process made is made; its answer reaches nobody. */
function mortalFetch(life: Life, clock: VirtualClock): typeof fetch {
  return async (input, given) => {
    const what = `${given?.method ?? "GET"} ${new URL(String(input)).pathname.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>")}`;
    await life.pass(`request ${what}: before`);
    const answer = await clock.during(fetch(input, given));
    await life.pass(`request ${what}: after`);
    return answer;
  };
}

function existing(emulator: Emulator, others: boolean): string[] {
  return [
    ...emulator
      .instances()
      .filter((one) => one.others === others)
      .map(({ id }) => `instance ${id}`),
    ...emulator
      .addresses()
      .filter((one) => one.others === others)
      .map(({ id }) => `address ${id}`),
    ...emulator
      .keys()
      .filter((one) => one.others === others)
      .map(({ name }) => `key ${name}`),
  ];
}

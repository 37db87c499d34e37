import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator as CanopyWaveEmulator } from "@unitrain/cloud-emulator/canopywave";
import {
  createLifetime,
  killablePorts,
  type Lifetime,
  type MemoryCloud,
  memoryCloud,
  memoryFramework,
  memoryLocks,
  memoryTransport,
  type VirtualClock,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain, type Unitrain } from "@unitrain/core";
import { expect } from "vitest";
import { type Cloud, type CloudEmulator, canopyWaveCloud } from "./clouds.ts";

/** An emulated cloud behind real HTTP, a machine in memory, and any number of processes of one computer. */
export interface CloudHarness<E extends CloudEmulator = CanopyWaveEmulator> {
  readonly emulator: E;
  readonly clock: VirtualClock;
  readonly memory: MemoryCloud;
  readonly home: string;
  readonly out: string;
  /** Creates a process. Its lifetime is checked before and after each request, ledger write and call to the machine. */
  process(lifetime?: Lifetime): Unitrain;
  /** Our existing resources. */
  ours(): readonly string[];
  expectOthersUntouched(label: string): void;
}

/** Creates a harness that is removed when `use` ends, because a sweep needs hundreds of them. */
export function createCloudHarness(
  use: (harness: CloudHarness) => Promise<void>,
  cloud = canopyWaveCloud(),
): Promise<void> {
  return createHarnessOf(cloud, use);
}

/** Creates a harness of any cloud. */
export async function createHarnessOf<E extends CloudEmulator>(
  cloud: Cloud<E>,
  use: (harness: CloudHarness<E>) => Promise<void>,
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "unitrain-cloud-"));
  const clock = virtualClock();
  const locks = memoryLocks();
  const memory = memoryCloud(clock);
  const emulator = await cloud.start(join(home, "cloud"), clock);
  const listForeign = () => existing(emulator, true).join();
  const before = listForeign();
  try {
    await use({
      emulator,
      clock,
      memory,
      home,
      out: join(home, "out"),
      process: (lifetime = createLifetime()) =>
        createUnitrain({
          home,
          guardian: false,
          ports: killablePorts(lifetime, clock, locks),
          provider: cloud.createProvider({
            baseUrl: emulator.url,
            apiKey: emulator.apiKey,
            now: clock.now,
            // Uses the real clock, because a missing response must not delay a virtual hour.
            timeoutMs: 1_000,
            fetch: killableFetch(lifetime, clock),
          }),
          transport: memoryTransport(memory, lifetime, ["ssh"]),
          framework: memoryFramework(memory, lifetime),
        }),
      ours: () => existing(emulator, false),
      expectOthersUntouched: (label) => expect(listForeign(), label).toBe(before),
    });
  } finally {
    await emulator.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Sends the last request of a dead process, and discards the response. */
function killableFetch(lifetime: Lifetime, clock: VirtualClock): typeof fetch {
  return async (input, init) => {
    const call = `${init?.method ?? "GET"} ${new URL(String(input)).pathname.replaceAll(/[0-9a-f]{8}-?[0-9a-f-]{24,27}/g, "<id>")}`;
    await lifetime.pass(`request ${call}: before`);
    const answer = await clock.holdDeadlinesDuring(fetch(input, init));
    await lifetime.pass(`request ${call}: after`);
    return answer;
  };
}

function existing(emulator: CloudEmulator, isForeign: boolean): string[] {
  return [
    ...emulator
      .instances()
      .filter((record) => record.isForeign === isForeign)
      .map(({ id }) => `instance ${id}`),
    ...("addresses" in emulator ? emulator.addresses() : [])
      .filter((record) => record.isForeign === isForeign)
      .map(({ id }) => `address ${id}`),
    ...emulator
      .keys()
      .filter((record) => record.isForeign === isForeign)
      .map(({ name }) => `key ${name}`),
  ];
}

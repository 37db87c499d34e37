import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createLifetime,
  killablePorts,
  type Lifetime,
  type MemoryCloud,
  type MemoryProviderOptions,
  memoryCloud,
  memoryFramework,
  memoryLocks,
  memoryProvider,
  memoryTransport,
  type VirtualClock,
  virtualClock,
} from "@unitrain/conformance";
import {
  createUnitrain,
  type Framework,
  type Locks,
  type Plugin,
  type Run,
  type RunEvent,
  type Unitrain,
} from "@unitrain/core";
import { onTestFinished } from "vitest";

/** One cloud, one computer, and any number of processes on it. */
export interface EngineHarness {
  readonly cloud: MemoryCloud;
  readonly clock: VirtualClock;
  readonly home: string;
  readonly locks: Locks;
  readonly out: string;
  /** Creates a new process on this computer. */
  process(options?: {
    lifetime?: Lifetime;
    plugins?: readonly Plugin[];
    provider?: MemoryProviderOptions;
    framework?: Framework;
  }): Unitrain;
}

export async function createEngineHarness(
  provider?: MemoryProviderOptions,
  locks = memoryLocks(),
): Promise<EngineHarness> {
  const home = await mkdtemp(join(tmpdir(), "unitrain-stage-"));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const clock = virtualClock();
  const cloud = memoryCloud(clock);
  return {
    cloud,
    clock,
    home,
    locks,
    out: join(home, "out"),
    process({
      lifetime = createLifetime(),
      plugins = [],
      provider: providerOptions = provider,
      framework,
    } = {}) {
      return createUnitrain({
        home,
        // No guardian continues the runs of a test, unless the test wants one.
        guardian: false,
        plugins,
        ports: killablePorts(lifetime, clock, locks),
        provider: memoryProvider(cloud, providerOptions, lifetime),
        transport: memoryTransport(cloud, lifetime),
        framework: framework ?? memoryFramework(cloud, lifetime),
      });
    },
  };
}

export async function startRun(
  unitrain: Unitrain,
  harness: EngineHarness,
  signal?: AbortSignal,
): Promise<Run> {
  const plan = await unitrain.plan({ data: ".", out: harness.out });
  return unitrain.start(plan, signal === undefined ? {} : { signal });
}

/** Returns the path of the ledger of one attempt's lease. */
export function getLeaseLedgerPath({ home }: EngineHarness, run: Run, attempt = 1): string {
  const folder = join(home, "leases");
  const id = readdirSync(folder).find((name) => name.endsWith(`-${run.id}-${attempt}`)) ?? "none";
  return join(folder, id, "ledger.jsonl");
}

export async function collectEvents(run: Run): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run.events) events.push(event);
  return events;
}

/** Returns the log that the events contain. */
export function joinLog(events: readonly RunEvent[]): string {
  return events.map((event) => (event.type === "log" ? event.text : "")).join("");
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createLife,
  type Life,
  type MemoryProviderOptions,
  type MemoryWorld,
  memoryFramework,
  memoryLocks,
  memoryProvider,
  memoryTransport,
  memoryWorld,
  mortalPorts,
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

/** One cloud, one computer, and as many processes on it as a test wants. */
export interface Stage {
  readonly world: MemoryWorld;
  readonly clock: VirtualClock;
  readonly home: string;
  readonly locks: Locks;
  readonly out: string;
  /** A new process on this computer. */
  process(given?: {
    life?: Life;
    plugins?: readonly Plugin[];
    provider?: MemoryProviderOptions;
    framework?: Framework;
  }): Unitrain;
}

export async function createStage(provider?: MemoryProviderOptions, locks = memoryLocks()): Promise<Stage> {
  const home = await mkdtemp(join(tmpdir(), "unitrain-stage-"));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const clock = virtualClock();
  const world = memoryWorld(clock);
  return {
    world,
    clock,
    home,
    locks,
    out: join(home, "out"),
    process({ life = createLife(), plugins = [], provider: own = provider, framework } = {}) {
      return createUnitrain({
        home,
        // Nobody else goes on with what a test leaves, unless it says so.
        guardian: false,
        plugins,
        ports: mortalPorts(life, clock, locks),
        provider: memoryProvider(world, own, life),
        transport: memoryTransport(world, life),
        framework: framework ?? memoryFramework(world, life),
      });
    },
  };
}

export async function startRun(unitrain: Unitrain, stage: Stage, signal?: AbortSignal): Promise<Run> {
  const plan = await unitrain.plan({ data: ".", out: stage.out });
  return unitrain.start(plan, signal === undefined ? {} : { signal });
}

export async function eventsOf(run: Run): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run.events) events.push(event);
  return events;
}

/** The log, put together from the events alone. */
export function logOf(events: readonly RunEvent[]): string {
  return events.map((event) => (event.type === "log" ? event.text : "")).join("");
}

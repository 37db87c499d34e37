import type { Clock } from "@unitrain/core";
import { type FitFinding, UnitrainError } from "@unitrain/core/spec";
import { createFaults, type Faults } from "./faults.ts";
import type { Lifetime } from "./lifetime.ts";

/** Something that is paid for from `since` until `goneAt`. */
export interface BilledResource {
  readonly kind: "instance" | "address" | "ssh-key";
  readonly id: string;
  /** An address has none. */
  readonly name?: string;
  readonly since: number;
  endingAt?: number;
}

/** A training as it goes: its log appears evenly over its time. */
export interface MemoryTraining {
  log: string;
  durationMs: number;
  exitCode: number;
  /** What it leaves behind, by path below its output. */
  leaves: Readonly<Record<string, string>>;
}

export interface MemoryJob {
  readonly id: string;
  readonly startedAt: number;
  readonly training: MemoryTraining;
  readonly output: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  stoppedAt?: number;
  lost?: "lost" | "rebooted";
}

/**
 * A provider's cloud and one machine in it, in memory: it outlives the processes that use it. Nothing here is kind: what
 * shall go wrong is said in `faults`, and everything that costs is on the `bill`.
 */
export interface MemoryWorld {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly bill: BilledResource[];
  /** Not ended yet, by the provider's own books. */
  alive(): readonly BilledResource[];
  /** The machine dies with everything on it. The next one that is rented starts empty. */
  loseMachine(): void;
  /** Counts the machines; a session belongs to one of them. Undefined while there is none any more. */
  readonly machine: number | undefined;
  /** A new instance is there. */
  startMachine(): void;
  readonly files: Map<string, Uint8Array>;
  readonly jobs: Map<string, MemoryJob>;
  training: MemoryTraining;
  /** How a run's setup lines go. */
  setup: MemoryTraining;
  /** How often the machine is asked for before it runs. */
  pollsUntilRunning: number;
  /** How long a thing that was ended stays on the books. */
  endsAfterMs: number;
  isEnvironmentSound: boolean;
  /** What the framework finds of this machine. */
  fit: readonly FitFinding[];
  /** How often each job was really begun. */
  readonly starts: Map<string, number>;
  /** One step of a process in the world, with its faults and its death. */
  step<T>(lifetime: Lifetime, call: string, effect: () => T | Promise<T>): Promise<T>;
}

export function memoryWorld(clock: Clock): MemoryWorld {
  const faults = createFaults();
  const bill: BilledResource[] = [];
  const files = new Map<string, Uint8Array>();
  const jobs = new Map<string, MemoryJob>();
  let machines = 0;
  let isLost = false;
  return {
    loseMachine() {
      for (const billed of bill) if (billed.kind === "instance") billed.endingAt ??= clock.now();
      files.clear();
      jobs.clear();
      isLost = true;
    },
    startMachine() {
      machines += 1;
      isLost = false;
    },
    get machine() {
      return isLost ? undefined : machines;
    },
    clock,
    faults,
    bill,
    alive: () => bill.filter(({ endingAt }) => endingAt === undefined || endingAt > clock.now()),
    files,
    jobs,
    training: {
      log: Array.from({ length: 5 }, (_, at) => `epoch ${at + 1}/5 loss ${(1 / (at + 1)).toFixed(3)}\n`).join(
        "",
      ),
      durationMs: 60_000,
      exitCode: 0,
      leaves: {
        "weights/best.model": "whole: best",
        "weights/last.model": "whole: last",
        "results.txt": "epochs\n",
      },
    },
    setup: { log: "+ setup line\ndone\n", durationMs: 3_000, exitCode: 0, leaves: {} },
    pollsUntilRunning: 2,
    endsAfterMs: 3_000,
    isEnvironmentSound: false,
    fit: [],
    starts: new Map(),
    async step(lifetime, call, effect) {
      await lifetime.pass(`${call}: before`);
      const fault = faults.take(call);
      if (fault === "throws") throw new Error(`${call} failed, as asked`);
      if (fault === "hangs") await new Promise<never>(() => {});
      if (fault === "cut") throw createCutError(call);
      const result = await effect();
      await lifetime.pass(`${call}: after`);
      if (fault === "lost-answer") {
        throw call.startsWith("session.")
          ? createCutError(call)
          : new Error(`the answer of ${call} was lost, as asked`);
      }
      return typeof fault === "object" ? (fault.answers as typeof result) : result;
    },
  };
}

function createCutError(call: string): UnitrainError {
  return new UnitrainError("CONNECTION_LOST", `cut in ${call}, as asked`, { retryable: true });
}

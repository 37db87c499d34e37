import type { Clock } from "@unitrain/core";
import { type FitFinding, UnitrainError } from "@unitrain/core/spec";
import { createFaults, type Faults } from "./faults.ts";
import type { Lifetime } from "./lifetime.ts";

/** A resource that costs money from `since` until `endingAt`. Times are milliseconds since 1970. */
export interface BilledResource {
  readonly kind: "instance" | "address" | "ssh-key";
  readonly id: string;
  /** Absent for an address. */
  readonly name?: string;
  readonly since: number;
  endingAt?: number;
}

/** A simulated training. Its log appears at a constant rate over its duration. */
export interface MemoryTraining {
  log: string;
  durationMs: number;
  exitCode: number;
  /** Files that it writes, by path below its output folder. */
  leaves: Readonly<Record<string, string>>;
}

/** A job on the machine of a {@link MemoryCloud}. Times are milliseconds of its clock. */
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
 * A provider's cloud with one machine, in memory. It outlives the simulated processes that use it. `faults` decides
 * what goes wrong, and `bill` lists everything that costs money.
 */
export interface MemoryCloud {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly bill: BilledResource[];
  /** Returns the resources that still exist according to the provider. */
  alive(): readonly BilledResource[];
  /** Loses the machine with all of its files. The next machine that is rented is empty. */
  loseMachine(): void;
  /** Number of the current machine, to which sessions belong; undefined when there is none. */
  readonly machine: number | undefined;
  /** Creates a new machine. */
  startMachine(): void;
  readonly files: Map<string, Uint8Array>;
  readonly jobs: Map<string, MemoryJob>;
  training: MemoryTraining;
  /** The simulated execution of a run's setup lines. */
  setup: MemoryTraining;
  /** Number of polls before the machine runs. */
  pollsUntilRunning: number;
  /** Time in milliseconds between the release of a resource and its end. */
  endsAfterMs: number;
  isEnvironmentSound: boolean;
  /** Findings of the framework about this machine. */
  fit: readonly FitFinding[];
  /** Number of times that each job was actually started. */
  readonly starts: Map<string, number>;
  /** Executes one step of a process in the cloud, subject to faults and to the death of the process. */
  step<T>(lifetime: Lifetime, call: string, effect: () => T | Promise<T>): Promise<T>;
}

/**
 * Creates a cloud in which adapters of this package rent machines and train.
 *
 * @param clock The clock of the cloud, usually a virtual one.
 *
 * @example
 * ```ts
 * import { memoryCloud, virtualClock } from "@unitrain/conformance";
 *
 * const cloud = memoryCloud(virtualClock());
 * cloud.training.exitCode = 1; // the training will fail
 * cloud.faults.on("session.fetch", "cut", 2); // the first two downloads lose their connection
 * console.log(cloud.alive()); // [], nothing costs money yet
 * ```
 */
export function memoryCloud(clock: Clock): MemoryCloud {
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

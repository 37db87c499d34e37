import type { Clock, Lock, Locks, Ports } from "@unitrain/core";
import { systemPorts } from "@unitrain/core";
import type { VirtualClock } from "./virtual-clock.ts";

/**
 * A simulated process that can be killed between any two steps. After its death none of its code continues, and none of
 * its cleanup runs.
 */
export interface Lifetime {
  readonly steps: readonly string[];
  readonly isDead: boolean;
  /** Called before and after each effect on the cloud. Never resolves after death. */
  pass(step: string): Promise<void>;
  /** Resolves when the process dies. */
  readonly death: Promise<void>;
  /** Kills the process before its next step. */
  kill(): void;
}

/**
 * Creates a simulated process.
 *
 * @param killAt Step at which it dies, counted from 0. By default it survives and only records its steps.
 *
 * @example
 * ```ts
 * import { createLifetime } from "@unitrain/conformance";
 *
 * const lifetime = createLifetime(12); // dies before its thirteenth step, as `kill -9` would end it
 * console.log(lifetime.isDead, lifetime.steps); // false, []
 * ```
 */
export function createLifetime(killAt = Number.POSITIVE_INFINITY): Lifetime {
  const steps: string[] = [];
  let isDead = false;
  let die = () => {};
  const death = new Promise<void>((resolve) => {
    die = () => {
      isDead = true;
      resolve();
    };
  });
  return {
    steps,
    death,
    get isDead() {
      return isDead;
    },
    kill: () => die(),
    async pass(step) {
      if (!isDead) {
        if (steps.length === killAt) die();
        steps.push(step);
      }
      if (isDead) await new Promise<never>(() => {});
    },
  };
}

/**
 * Creates the engine's ports for a simulated process: clock, ledger files and locks that stop working at its death. Its
 * locks are released then, as by the operating system.
 *
 * @param lifetime The process.
 * @param clock A virtual or real clock.
 * @param locks Locks shared with other simulated processes; by default new ones.
 *
 * @example
 * ```ts
 * import { createLifetime, killablePorts, virtualClock } from "@unitrain/conformance";
 *
 * const ports = killablePorts(createLifetime(), virtualClock()); // for createUnitrain({ ports, … })
 * ```
 */
export function killablePorts(
  lifetime: Lifetime,
  clock: Clock & Partial<Pick<VirtualClock, "pauseDuring">>,
  locks: Locks = memoryLocks(),
): Ports {
  const { pauseDuring = (real) => real } = clock;
  return {
    kill: () => {},
    wake: () => {},
    clock: {
      now: clock.now,
      after: (ms, callback) =>
        clock.after(ms, () => {
          if (!lifetime.isDead) callback();
        }),
      at: (time, callback) =>
        clock.at(time, () => {
          if (!lifetime.isDead) callback();
        }),
      async wait(ms, signal) {
        await clock.wait(ms, signal);
        if (lifetime.isDead) await new Promise<never>(() => {});
      },
    },
    async openLedgerFile(path) {
      const file = await systemPorts.openLedgerFile(path);
      return {
        async append(line) {
          const { type } = JSON.parse(line) as { type: string };
          await lifetime.pass(`ledger ${type}: before`);
          await pauseDuring(file.append(line));
          await lifetime.pass(`ledger ${type}: after`);
        },
      };
    },
    locks: {
      async take(path) {
        const lock = await locks.take(path);
        if (lock !== undefined) void lifetime.death.then(() => lock.release());
        return lock;
      },
      holder: (path) => locks.holder(path),
    },
  };
}

/**
 * Creates locks in memory, to be shared by simulated processes of one computer.
 *
 * @example
 * ```ts
 * import { memoryLocks } from "@unitrain/conformance";
 *
 * const lock = await memoryLocks().take("/runs/a");
 * await lock?.release();
 * ```
 */
export function memoryLocks(): Locks {
  const held = new Set<string>();
  return {
    async take(path): Promise<Lock | undefined> {
      if (held.has(path)) return undefined;
      held.add(path);
      let isHeld = true;
      return {
        async release() {
          if (isHeld) held.delete(path);
          isHeld = false;
        },
      };
    },
    holder: async (path) => (held.has(path) ? process.pid : undefined),
  };
}

import type { Clock, Lock, Locks, Ports } from "@unitrain/core";
import { systemPorts } from "@unitrain/core";
import type { VirtualClock } from "./virtual-clock.ts";

/** A process that can be killed between any two steps: from then on nothing of it goes on, and nothing of it ends. */
export interface Lifetime {
  readonly steps: readonly string[];
  readonly isDead: boolean;
  /** Called before and after everything that touches the world. Never resolves once dead. */
  pass(step: string): Promise<void>;
  /** Resolves at the moment of death. */
  readonly death: Promise<void>;
  /** Dies before the next step. */
  kill(): void;
}

/** Dies at the `killAt`-th step, counted from 0; without it lives on and counts. */
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

/** What the engine stands on, as long as its process lives. Its locks are released at its death, as the operating system does. */
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

/** Locks of one computer whose processes are all in this one. */
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

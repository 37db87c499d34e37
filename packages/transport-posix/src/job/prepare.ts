import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import type { JobLauncher } from "./launcher.ts";
import { createShell } from "./shell.ts";

/** How much longer a job may wait for its launcher than everything before it has taken. */
const waitMs = 20_000;

/** What makes launchers available, beside whatever else the session does. It never fails: there is always one that can hold a job. */
export interface Preparation {
  /** Begins, the first time it is called. */
  start(showStatus: (message: string) => void): void;
  /** When it is done, or after a short while. */
  waitBriefly(signal: AbortSignal): Promise<void>;
  cancel(): void;
}

export function createPreparation(machine: ConnectedMachine, launchers: readonly JobLauncher[]): Preparation {
  const cancellation = new AbortController();
  let done: Promise<void> | undefined;
  const prepareAll = async (showStatus: (message: string) => void) => {
    const shell = createShell(machine, cancellation.signal, machine.shells.commands);
    for (const launcher of launchers) await launcher.prepare?.(shell, showStatus).catch(() => {});
  };
  return {
    start(showStatus) {
      done ??= prepareAll(showStatus);
    },
    async waitBriefly(signal) {
      const timeout = sleep(waitMs, undefined, { signal, ref: false }).catch(() => {});
      await Promise.race([done, timeout]);
    },
    cancel: () => cancellation.abort(),
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import type { JobLauncher } from "./launcher.ts";
import { createShell } from "./shell.ts";

/** How long the start of a job waits for the preparation. */
const waitMs = 20_000;

/** Prepares the launchers in the background. It never fails, because the launcher of last resort needs no preparation. */
export interface Preparation {
  /** Starts the preparation at the first call; later calls do nothing. */
  start(showStatus: (message: string) => void): void;
  /** Resolves when the preparation is done, or after 20 seconds. */
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

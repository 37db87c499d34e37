import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import type { JobLauncher } from "./launcher.ts";
import { shellOf } from "./shell.ts";

/** How much longer a job may wait for its launcher than everything before it has taken. */
const patienceMs = 20_000;

/** What makes launchers available, beside whatever else the session does. It never fails: there is always one that can hold a job. */
export interface Preparation {
  /** Begins, the first time it is called. */
  begin(showStatus: (message: string) => void): void;
  /** When it is done, or after a short while. */
  soon(signal: AbortSignal): Promise<void>;
  end(): void;
}

export function preparing(machine: ConnectedMachine, launchers: readonly JobLauncher[]): Preparation {
  const ending = new AbortController();
  let done: Promise<void> | undefined;
  const prepare = async (showStatus: (message: string) => void) => {
    const shell = shellOf(machine, ending.signal, machine.shells.commands);
    for (const launcher of launchers) await launcher.prepare?.(shell, showStatus).catch(() => {});
  };
  return {
    begin(showStatus) {
      done ??= prepare(showStatus);
    },
    async soon(signal) {
      const patience = sleep(patienceMs, undefined, { signal, ref: false }).catch(() => {});
      await Promise.race([done, patience]);
    },
    end: () => ending.abort(),
  };
}

import { type LedgerFile, openLedgerFile } from "./state/ledger-file.ts";
import { type Locks, systemLocks } from "./state/lock.ts";
import { type Clock, systemClock } from "./time/clock.ts";

/** What the engine stands on, besides its adapters. Tests put their own in, to own time, to fill the disk and to kill. */
export interface Ports {
  /** Ends another process of ours, at once. */
  readonly kill: (pid: number) => void;
  /** Lets another process of ours go on that was stopped (`SIGSTOP`, Ctrl-Z). */
  readonly wake: (pid: number) => void;
  readonly clock: Clock;
  readonly openLedgerFile: (path: string) => Promise<LedgerFile>;
  readonly locks: Locks;
}

export const systemPorts: Ports = {
  kill: (pid) => void process.kill(pid, "SIGKILL"),
  wake: (pid) => void process.kill(pid, "SIGCONT"),
  clock: systemClock,
  openLedgerFile,
  locks: systemLocks,
};

import { type LedgerFile, openLedgerFile } from "./state/ledger-file.ts";
import { type Locks, systemLocks } from "./state/lock.ts";
import { type Clock, systemClock } from "./time/clock.ts";

/** What the engine needs of the operating system. Tests replace parts of it to control time, to fill the disk or to kill at any point. */
export interface Ports {
  /** Ends another process of unitrain at once. */
  readonly kill: (pid: number) => void;
  /** Continues another process of unitrain that was suspended (`SIGSTOP`, Ctrl-Z). */
  readonly wake: (pid: number) => void;
  readonly clock: Clock;
  readonly openLedgerFile: (path: string) => Promise<LedgerFile>;
  readonly locks: Locks;
}

/** The real operating system. */
export const systemPorts: Ports = {
  kill: (pid) => void process.kill(pid, "SIGKILL"),
  wake: (pid) => void process.kill(pid, "SIGCONT"),
  clock: systemClock,
  openLedgerFile,
  locks: systemLocks,
};

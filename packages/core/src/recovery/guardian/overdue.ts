import type { Locks } from "../../state/lock.ts";
import type { FoundRun } from "../../state/run-list.ts";
import type { Clock } from "../../time/clock.ts";

/** Delay after which a deadline counts as missed. A working controller records within moments that its limit is reached. */
const overdueMs = 10_000;
/**
 * How many polls an overdue controller gets before it is killed. Polls are counted instead of seconds, because after a suspend
 * the clock has jumped and the controller needs time awake to react.
 */
const gracePolls = 5;

/** Checks a run that a live process drives. Called at each poll. */
export type OverdueWatch = (found: FoundRun) => Promise<void>;

export interface OverdueWatchOptions {
  readonly clock: Clock;
  readonly locks: Locks;
  readonly kill: (pid: number) => void;
  /** Resumes a stopped process (`SIGSTOP`, Ctrl-Z). */
  readonly wake: (pid: number) => void;
  readonly showStatus: (message: string) => void;
}

/** Watches for controllers that missed their deadline because they were suspended or hang. They are woken, then killed if that does not help. */
export function watchOverdue({ clock, locks, kill, wake, showStatus }: OverdueWatchOptions): OverdueWatch {
  const polls = new Map<string, number>();
  return async (found) => {
    if (!isOverdue(found, clock.now())) {
      polls.delete(found.id);
      return;
    }
    const pid = await locks.holder(found.folder.lock);
    if (pid === undefined || pid <= 0 || pid === process.pid) return;
    const pollCount = (polls.get(found.id) ?? 0) + 1;
    polls.set(found.id, pollCount);
    if (pollCount === 1) {
      showStatus(`${found.name}: process ${pid} missed the run's deadline; waking it`);
      wake(pid);
    } else if (pollCount > gracePolls && !isEnding(found)) {
      showStatus(`${found.name}: process ${pid} does not react to the run's deadline; killing it`);
      kill(pid);
    }
  };
}

/** Whether the run should have started to stop, or should be over, but is not. */
function isOverdue(found: FoundRun, now: number): boolean {
  const { deadline } = found.reading.state;
  if (deadline === undefined) return false;
  return now >= Date.parse(isEnding(found) ? deadline.endsBy : deadline.stopAt) + overdueMs;
}

function isEnding({ reading }: FoundRun): boolean {
  const { isStopping, jobEnd, error } = reading.state;
  return isStopping || jobEnd !== undefined || error !== undefined;
}

import type { Locks } from "../../state/lock.ts";
import type { FoundRun } from "../../state/run-list.ts";
import type { Clock } from "../../time/clock.ts";

/** A controller writes down within moments that its limit is reached. */
const overdueMs = 10_000;
/**
 * How often an overdue controller is looked at before it is ended. Looks are counted, not seconds: after a suspend the
 * clock has jumped for the controller as well, and it needs time awake to say a last word.
 */
const gracePolls = 5;

/** Called at each look at a run that a living process drives. */
export type OverdueWatch = (found: FoundRun) => Promise<void>;

export interface OverdueWatchOptions {
  readonly clock: Clock;
  readonly locks: Locks;
  readonly kill: (pid: number) => void;
  /** Lets a stopped process (`SIGSTOP`, Ctrl-Z) go on. */
  readonly wake: (pid: number) => void;
  readonly showStatus: (message: string) => void;
}

/** A controller that lets its limit pass was stopped, or hangs: it is woken, and ended when that does not help. */
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
      showStatus(`${found.name}: process ${pid} let the limit pass; waking it`);
      wake(pid);
    } else if (pollCount > gracePolls && !isEnding(found)) {
      showStatus(`${found.name}: process ${pid} did not react to the limit; ending it`);
      kill(pid);
    }
  };
}

/** Past the stop without having begun to end, or past the very end. */
function isOverdue(found: FoundRun, now: number): boolean {
  const { deadline } = found.reading.state;
  if (deadline === undefined) return false;
  return now >= Date.parse(isEnding(found) ? deadline.endsBy : deadline.stopAt) + overdueMs;
}

function isEnding({ reading }: FoundRun): boolean {
  const { isStopping, jobEnd, error } = reading.state;
  return isStopping || jobEnd !== undefined || error !== undefined;
}

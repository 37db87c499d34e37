import { join } from "node:path";
import { giveBack } from "../gc.ts";
import { type ControllerGiven, control } from "../run/controller.ts";
import { readLedger } from "../state/ledger.ts";
import type { Lock, Locks } from "../state/lock.ts";
import { type FoundRun, listRunFolders } from "../state/run-list.ts";
import type { Clock } from "../time/clock.ts";
import { needsGuard } from "./needs-guard.ts";

const lookEveryMs = 2_000;
const defaultIdleMs = 10_000;
/** What could not be given back, or made again, is tried anew after this time. */
const tryAgainMs = 60_000;
/** A controller writes down within moments that its limit is reached. */
const overdueMs = 10_000;

export interface GuardGiven {
  readonly home: string;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly kill: (pid: number) => void;
  readonly take: (found: FoundRun, lock: Lock) => Promise<ControllerGiven>;
  readonly signal?: AbortSignal | undefined;
  /** How long it waits for another run before it ends. */
  readonly idleMs?: number | undefined;
  readonly say?: ((message: string) => void) | undefined;
}

/** The guardian's lock: held for as long as it lives. */
export function guardianLock(home: string): string {
  return join(home, "guardian.lock");
}

/**
 * A controller without a screen, for all runs of one state folder: whichever costs money or has a limit, and has no living
 * controller, is driven on to its receipt. Ends when there is none left.
 */
export async function guard(given: GuardGiven): Promise<void> {
  const { home, clock, locks, signal, idleMs = defaultIdleMs } = given;
  const lock = await locks.take(guardianLock(home));
  if (lock === undefined) return;
  const driven = new Map<string, Promise<void>>();
  const notBefore = new Map<string, number>();
  try {
    let neededAt = clock.now();
    while (!signal?.aborted) {
      const needing = (await listRunFolders(home)).filter(({ reading }) => needsGuard(reading.state));
      for (const found of needing) {
        if (driven.has(found.id) || (notBefore.get(found.id) ?? 0) > clock.now()) continue;
        const taken = await takeUp(given, found);
        if (taken === undefined) continue;
        const ended = taken.driving.finally(() => {
          driven.delete(found.id);
          notBefore.set(found.id, clock.now() + tryAgainMs);
        });
        driven.set(found.id, ended);
      }
      if (needing.length > 0 || driven.size > 0) neededAt = clock.now();
      else if (clock.now() - neededAt >= idleMs) return;
      await clock.wait(lookEveryMs, signal).catch(() => {});
    }
  } finally {
    // Told to end, it lets what it drives go: the jobs run on, and the next guardian takes them up.
    await lock.release();
  }
}

/** Undefined while somebody else drives it. */
async function takeUp(
  given: GuardGiven,
  found: FoundRun,
): Promise<{ readonly driving: Promise<void> } | undefined> {
  const { locks, say = () => {} } = given;
  const lock = await locks.take(found.folder.lock);
  if (lock === undefined) {
    await endOverdueController(given, found);
    return undefined;
  }
  // Whoever held the lock a moment ago may have finished meanwhile.
  const reading = await readLedger(found.folder.ledger);
  if (!needsGuard(reading.state)) {
    await lock.release();
    return undefined;
  }
  const drive = async () => {
    say(`${found.name}: going on with it`);
    try {
      const run = control(
        await given.take({ ...found, reading }, lock),
        reading.state.outcome === undefined ? undefined : giveBack,
      );
      const { outcome } = await run.result;
      say(`${found.name}: ${outcome}`);
    } catch (error) {
      say(`${found.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return { driving: drive() };
}

/** A controller that lets its limit pass does not run any more (it was suspended, or hangs): whoever can act does. */
async function endOverdueController({ clock, locks, kill, say = () => {} }: GuardGiven, found: FoundRun) {
  const { deadline, stopping, jobEnd, error } = found.reading.state;
  if (deadline === undefined || stopping || jobEnd !== undefined || error !== undefined) return;
  if (clock.now() < Date.parse(deadline.stopAt) + overdueMs) return;
  const pid = await locks.holder(found.folder.lock);
  if (pid === undefined || pid <= 0 || pid === process.pid) return;
  say(`${found.name}: process ${pid} let the limit pass; ending it`);
  kill(pid);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locks } from "../state/lock.ts";
import { readLockState } from "../state/lock-state.ts";
import { isMissingOrPlain } from "../state/read-plain-file.ts";
import type { Clock } from "../time/clock.ts";
import { guardianLock } from "./guardian-lock.ts";

const patienceMs = 15_000;

export interface StartGuardianOptions {
  readonly home: string;
  readonly locks: Locks;
  readonly clock: Clock;
  /** The program and its arguments, or `false` if no guardian may be started. By default a script of this package. */
  readonly command: readonly string[] | false | undefined;
}

/** Starts a guardian unless one is running. Returns its process id, or why there is none. */
export async function ensureGuardian(
  options: StartGuardianOptions,
): Promise<{ pid: number } | { missing: string }> {
  const { home, locks, clock, command = createDefaultCommand() } = options;
  const lock = await readLockState(locks, guardianLock(home));
  if (lock.problem !== undefined)
    return { missing: `${lock.problem.file} cannot be read. ${lock.problem.message}` };
  if (lock.holder !== undefined) return { pid: lock.holder };
  if (command === false) return { missing: "starting one is disabled" };
  try {
    await startDetached(command, home);
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
  const begin = clock.now();
  while (clock.now() - begin < patienceMs) {
    const { holder } = await readLockState(locks, guardianLock(home));
    if (holder !== undefined) return { pid: holder };
    await clock.wait(100);
  }
  return { missing: `it did not start; see ${guardianLog(home)}` };
}

/** Starts the guardian in its own session, so that a closed window, Ctrl-C or the end of this process does not end it. */
async function startDetached([program = "", ...words]: readonly string[], home: string): Promise<void> {
  // The guardian is started without a log if the log cannot be opened.
  const path = guardianLog(home);
  const log = (await isMissingOrPlain(path))
    ? await open(path, "a", 0o600).catch(() => undefined)
    : undefined;
  try {
    const child = spawn(program, words, {
      detached: true,
      windowsHide: true,
      stdio: ["ignore", log?.fd ?? "ignore", log?.fd ?? "ignore"],
      env: { ...process.env, UNITRAIN_HOME: home },
    });
    await once(child, "spawn");
    child.unref();
  } finally {
    await log?.close();
  }
}

function createDefaultCommand(): readonly string[] {
  const script = fileURLToPath(import.meta.resolve("#guardian"));
  // The log is about runs: the warning that Node 22 and 24 print about their SQLite module is noise there.
  return [process.execPath, "--disable-warning=ExperimentalWarning", ...process.execArgv, script];
}

/** Returns the path of the guardian's log, which has a line for each status message. */
function guardianLog(home: string): string {
  return join(home, "guardian.log");
}

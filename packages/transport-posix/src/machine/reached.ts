import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import type { Executor } from "../executor/executor.ts";
import { throwIfCancelled } from "../script/failures.ts";
import { quote } from "../script/quote.ts";
import { runScript } from "../script/run-script.ts";

/** A machine that answers, and where on it everything of ours lies. */
export interface Reached {
  readonly executor: Executor;
  /** Absolute. */
  readonly home: string;
  /** Absolute; it exists. */
  readonly workFolder: string;
}

/** The number is the version of what lies in it. */
export const defaultWorkFolder = "~/.unitrain/1";

/** First words over a new connection: does a POSIX shell answer, and is there a folder for us? */
export async function reach(
  executor: Executor,
  workFolder: string,
  signal: AbortSignal,
): Promise<Reached | NotReady> {
  try {
    const { exitCode, stdout, stderr } = await runScript(executor, helloScript(workFolder), { signal });
    const [home, folder] = stdout.split("\0");
    if (exitCode === 0 && home && folder) return { executor, home, workFolder: folder };
    return { ready: false, step: "folder", reason: `no work folder: ${stderr.trim()}`, final: true };
  } catch (error) {
    throwIfCancelled(signal);
    if (!UnitrainError.isInstance(error)) throw error;
    return { ready: false, step: "shell", reason: error.message, final: !error.retryable };
  }
}

function helloScript(workFolder: string): string {
  const below = workFolder === "~" ? "" : workFolder.slice(2);
  const folder = workFolder.startsWith("~") ? `"$home"/${quote(below)}` : quote(workFolder);
  return `LC_ALL=C; export LC_ALL
home=$HOME
case $home in /*) ;; *) home=$(cd ~ && pwd) || exit 1 ;; esac
work=${folder}
[ -d "$work" ] || (umask 077; mkdir -p -- "$work") || exit 1
[ -w "$work" ] || { echo "$work cannot be written to" >&2; exit 1; }
printf '%s\\0%s\\0' "$home" "$work"`;
}

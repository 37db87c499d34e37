import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import type { Executor } from "../executor/executor.ts";
import { throwIfCancelled } from "../script/failures.ts";
import { openScript } from "../script/open-script.ts";
import { quote } from "../script/quote.ts";
import { collect } from "../script/run-script.ts";
import { openShells, type Shells } from "../script/shells.ts";
import { bytesChangedError, everyByte, findRefusal, outputSwallowedError } from "./gateway.ts";

/** A machine whose shell answers, and where our files on it are. */
export interface ConnectedMachine {
  readonly executor: Executor;
  readonly shells: Shells;
  /** Absolute path of the home folder. */
  readonly home: string;
  /** Absolute path of an existing folder. */
  readonly workFolder: string;
}

/** The work folder to use. One that an earlier connection used must exist: a new one in its place would be empty. */
export interface WorkFolder {
  readonly path: string;
  readonly mayCreate: boolean;
}

/** The number is the version of the folder's layout. */
export const defaultWorkFolder = "~/.unitrain/1";

/**
 * Checks a new connection: a POSIX shell answers, every byte passes in both directions unchanged, and there is a work folder.
 *
 * @throws UnitrainError `UNUSABLE_GATEWAY` or `LOGIN_REFUSED` where waiting cannot help.
 */
export async function connectMachine(
  executor: Executor,
  workFolder: WorkFolder,
  signal: AbortSignal,
): Promise<ConnectedMachine | NotReady> {
  const shells = openShells(executor);
  let isConnected = false;
  try {
    const hello = await openScript(executor, buildHelloScript(workFolder), { stdin: everyByte, signal });
    // Start a second shell at the same time, so that both start up together.
    shells.warm();
    const [answer, stderr] = await Promise.all([collectBeginning(hello.stdout), collect(hello.stderr)]);
    const exitCode = await hello.exitCode;
    if (exitCode === noWorkFolder) {
      return { ready: false, step: "folder", reason: `no work folder: ${stderr.trim()}`, final: true };
    }
    const [home, folder] = answer.toString("utf8").split("\0");
    if (!home || !folder) throw bytesChangedError(answer);
    const echo = answer.subarray(Buffer.byteLength(`${home}\0${folder}\0`));
    if (exitCode !== 0 || !echo.equals(everyByte)) throw bytesChangedError(echo);
    isConnected = true;
    return { executor, shells, home, workFolder: folder };
  } catch (error) {
    throwIfCancelled(signal);
    if (!UnitrainError.isInstance(error)) throw error;
    const refusal = findRefusal(error.message);
    if (refusal !== undefined) throw refusal;
    if (error.code === "UNUSABLE_GATEWAY") throw error;
    if (endedSuccessfully(error.cause)) throw outputSwallowedError();
    return { ready: false, step: "shell", reason: error.message, final: !error.retryable };
  } finally {
    if (!isConnected) shells.close();
  }
}

/** Whether the command ended with 0 although the end of its output is missing: then a gateway in between swallowed it. */
function endedSuccessfully(cause: unknown): boolean {
  return (cause as { code?: unknown } | undefined)?.code === 0;
}

const noWorkFolder = 70;
/** Only this much of an endless answer is kept. */
const maxBytes = 64 * 1024;

async function collectBeginning(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (length < maxBytes) chunks.push(Buffer.from(chunk));
    length += chunk.length;
  }
  return Buffer.concat(chunks);
}

function buildHelloScript({ path, mayCreate }: WorkFolder): string {
  const pathInHome = path === "~" ? "" : path.slice(2);
  const folder = path.startsWith("~") ? `"$home"/${quote(pathInHome)}` : quote(path);
  const createFolder = mayCreate
    ? '(umask 077; mkdir -p -- "$work")'
    : '{ echo "$work does not exist, or this user cannot see it" >&2; false; }';
  return `LC_ALL=C; export LC_ALL
home=$HOME
case $home in /*) ;; *) home=$(cd ~ && pwd) || exit ${noWorkFolder} ;; esac
work=${folder}
[ -d "$work" ] || ${createFolder} || exit ${noWorkFolder}
${mayCreate ? '[ -w "$work" ]' : ":"} || { echo "$work is not writable" >&2; exit ${noWorkFolder}; }
printf '%s\\0%s\\0' "$home" "$work"
cat`;
}

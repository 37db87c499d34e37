import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import type { Executor } from "../executor/executor.ts";
import { throwIfCancelled } from "../script/failures.ts";
import { openScript } from "../script/open-script.ts";
import { quote } from "../script/quote.ts";
import { collect } from "../script/run-script.ts";
import { openShells, type Shells } from "../script/shells.ts";
import { bytesChangedError, everyByte, findRefusal, outputSwallowedError } from "./gateway.ts";

/** A machine that answers, and where on it everything of ours lies. */
export interface ConnectedMachine {
  readonly executor: Executor;
  readonly shells: Shells;
  /** Absolute. */
  readonly home: string;
  /** Absolute; it exists. */
  readonly workFolder: string;
}

/** Where our things lie, or shall. One that another connection found is not made again: then nothing would be in it. */
export interface WorkFolder {
  readonly path: string;
  readonly mayCreate: boolean;
}

/** The number is the version of what lies in it. */
export const defaultWorkFolder = "~/.unitrain/1";

/**
 * First words over a new connection: does a POSIX shell answer, does every byte come through and back, and is there a folder for us?
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
    // A second shell starts beside the first one, so that both are waited for together.
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

/** Ended with 0, and yet our last word is missing: a script of ours cannot do that, but what stands in between can swallow it. */
function endedSuccessfully(cause: unknown): boolean {
  return (cause as { code?: unknown } | undefined)?.code === 0;
}

const noWorkFolder = 70;
/** Of an answer that never ends nobody needs more. */
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
    : '{ echo "$work is not there, or cannot be seen by this user" >&2; false; }';
  return `LC_ALL=C; export LC_ALL
home=$HOME
case $home in /*) ;; *) home=$(cd ~ && pwd) || exit ${noWorkFolder} ;; esac
work=${folder}
[ -d "$work" ] || ${createFolder} || exit ${noWorkFolder}
${mayCreate ? '[ -w "$work" ]' : ":"} || { echo "$work cannot be written to" >&2; exit ${noWorkFolder}; }
printf '%s\\0%s\\0' "$home" "$work"
cat`;
}

import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { MasterFolder } from "./master-folder.ts";
import { endMaster } from "./mux-link.ts";

/** How long the master stays when nothing is connected to its socket, for example after this process was killed. */
const persistSeconds = 10;
const batchTimeoutMs = 27_000;
/** Servers allow two minutes for a login. */
const personTimeoutMs = 120_000;

export interface MasterOptions {
  /** The host's name in the configuration. */
  readonly host: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts the login. */
  readonly signal: AbortSignal;
  /** Lets ssh ask the person at the terminal. */
  readonly isInteractive: boolean;
}

/** The result of a login. */
export interface MasterStart {
  /** The master runs in the background, and its socket exists. */
  readonly isUp: boolean;
  readonly hasTimedOut: boolean;
  /** What `ssh -v` wrote. */
  readonly output: string;
}

/** Starts `ssh` as a master, which moves to the background once it is logged in. */
export async function startMaster(folder: MasterFolder, options: MasterOptions): Promise<MasterStart> {
  const argv = [
    ...["-v", "-F", folder.config, "-f", "-N", "-M", "-S", folder.socket],
    ...["-o", `ControlPersist=${persistSeconds}`, options.host],
  ];
  const log = openSync(folder.log, "a");
  try {
    const end = options.isInteractive
      ? logInAtTerminal(argv, log, options)
      : await logInInBatch(argv, log, options);
    if (end.code !== 0 || options.signal.aborted) await endMaster(folder.socket);
    const output = await readFile(folder.log, "utf8");
    return { isUp: end.code === 0 && !options.signal.aborted, hasTimedOut: end.hasTimedOut, output };
  } finally {
    closeSync(log);
  }
}

interface LoginEnd {
  readonly code: number | null;
  readonly hasTimedOut: boolean;
}

/**
 * Lets ssh ask at the terminal. This process blocks meanwhile, so that it draws nothing over the question. Ctrl-C reaches both.
 */
function logInAtTerminal(argv: readonly string[], log: number, { env }: MasterOptions): LoginEnd {
  const { status, error } = spawnSync("ssh", argv, {
    stdio: ["inherit", "ignore", log],
    env,
    timeout: personTimeoutMs,
  });
  return { code: status, hasTimedOut: (error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT" };
}

/** Runs ssh in a process group of its own, so that Ctrl-C reaches only us, and the ssh processes of jump hosts are ended too. */
function logInInBatch(
  argv: readonly string[],
  log: number,
  { env, signal }: MasterOptions,
): Promise<LoginEnd> {
  return new Promise((resolve) => {
    const child = spawn("ssh", argv, { stdio: ["ignore", "ignore", log], env, detached: true });
    let hasTimedOut = false;
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // ssh has ended, or is a master in a session of its own.
      }
    };
    const timer = setTimeout(() => {
      hasTimedOut = true;
      kill();
    }, batchTimeoutMs);
    const settle = (code: number | null) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", kill);
      resolve({ code, hasTimedOut });
    };
    child.once("exit", settle);
    child.once("error", () => settle(null));
    if (signal.aborted) kill();
    else signal.addEventListener("abort", kill, { once: true });
  });
}

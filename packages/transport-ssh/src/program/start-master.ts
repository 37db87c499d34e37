import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { MasterFolder } from "./master-folder.ts";
import { endMaster } from "./mux-link.ts";

/** How long the master stays when nobody is connected to its socket: this process may have been killed. */
const persistSeconds = 10;
const batchTimeoutMs = 27_000;
/** Servers give two minutes to log in. */
const personTimeoutMs = 120_000;

export interface MasterOptions {
  /** The host's name in the configuration. */
  readonly host: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the login. */
  readonly signal: AbortSignal;
  /** Asks the person at the terminal. */
  readonly isInteractive: boolean;
}

/** How a login went. */
export interface MasterStart {
  /** The master runs in the background, and its socket is there. */
  readonly isUp: boolean;
  readonly hasTimedOut: boolean;
  /** What `ssh -v` wrote. */
  readonly output: string;
}

/** Starts `ssh` as a master, which goes to the background once it is logged in. */
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
 * ssh asks at the terminal by itself. This process stands still meanwhile, so that nothing is drawn over the question; Ctrl-C reaches
 * both.
 */
function logInAtTerminal(argv: readonly string[], log: number, { env }: MasterOptions): LoginEnd {
  const { status, error } = spawnSync("ssh", argv, {
    stdio: ["inherit", "ignore", log],
    env,
    timeout: personTimeoutMs,
  });
  return { code: status, hasTimedOut: (error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT" };
}

/** In a process group of its own: Ctrl-C at the terminal is ours to answer, and jump hosts are reached by further processes. */
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
        // It has ended, or is a master in a session of its own.
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

import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import { createNotReady } from "../connect/not-ready.ts";
import type { SshEnvironment } from "../environment.ts";
import type { Connection } from "../executor/connection.ts";
import { buildConfigText } from "../target/config-text.ts";
import type { Hop, Target } from "../target/target.ts";
import { type LoginReport, parseLoginLog } from "./login-report.ts";
import { makeMasterFolder } from "./master-folder.ts";
import { endMaster } from "./mux-link.ts";
import { applyPins } from "./pin-program-keys.ts";
import { openProgramConnection } from "./program-connection.ts";
import { explainProgramRefusal } from "./program-refused.ts";
import { type MasterStart, startMaster } from "./start-master.ts";

export interface ProgramLoginOptions {
  readonly signal: AbortSignal;
  readonly environment: SshEnvironment;
  /** Called before the person at the terminal is asked. Absent when nobody can be asked. */
  readonly beforeAsking?: (() => void) | undefined;
  /** It is known that keys alone are not sufficient. */
  readonly needsPerson?: boolean;
}

export interface ProgramLogin {
  readonly connection: Connection;
  readonly reports: readonly LoginReport[];
  /** What only a person could do: `a touch of your security key`. */
  readonly person: string | undefined;
}

/** Logs in with the `ssh` program: first without asking anybody, then, when that is not sufficient, with the person at the terminal. */
export async function logInWithProgram(
  unpinnedTarget: Target,
  options: ProgramLoginOptions,
): Promise<ProgramLogin | NotReady> {
  const target = await applyPins(unpinnedTarget);
  if (options.needsPerson !== true || options.beforeAsking === undefined) {
    const answer = await tryLogin(target, options, false);
    if (!("reports" in answer) || "connection" in answer) return answer;
    const last = answer.reports.at(-1);
    if (last === undefined || options.beforeAsking === undefined || !canPersonHelp(last)) {
      return explainRefusal(answer, target, options.environment);
    }
  }
  if (options.signal.aborted) return createNotReady("login", "the attempt was cancelled");
  options.beforeAsking();
  const answer = await tryLogin(target, options, true);
  if (!("reports" in answer) || "connection" in answer) return answer;
  return explainRefusal(answer, target, options.environment, true);
}

interface FailedLogin {
  readonly reports: readonly LoginReport[];
}

async function tryLogin(
  target: Target,
  { signal, environment }: ProgramLoginOptions,
  isInteractive: boolean,
): Promise<ProgramLogin | FailedLogin | NotReady> {
  const { env, home, silenceMs } = environment;
  const host = "machine";
  const folder = await makeMasterFolder(
    buildConfigText(target, host, buildSettings(silenceMs, isInteractive)),
  );
  let isConnected = false;
  try {
    const started = await startMaster(folder, { host, env: { ...env, HOME: home }, signal, isInteractive });
    if (signal.aborted) return createNotReady("tcp", "the attempt was cancelled");
    const reports = parseLoginLog(started.output);
    if (!started.isUp)
      return started.hasTimedOut ? describeTimeout(target, started, isInteractive) : { reports };
    const connection = await openProgramConnection(folder);
    isConnected = true;
    if (signal.aborted) {
      await connection.close();
      return createNotReady("login", "the attempt was cancelled");
    }
    return { connection, reports, person: describePersonAction(reports, isInteractive) };
  } catch (error) {
    // The control socket is gone already, or this ssh does not support the proxy mode.
    await endMaster(folder.socket);
    return createNotReady(
      "login",
      `${target.displayName}: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    if (!isConnected) await folder.remove();
  }
}

function buildSettings(silenceMs: number, isInteractive: boolean): readonly string[] {
  return [
    `BatchMode ${isInteractive ? "no" : "yes"}`,
    "ConnectTimeout 15",
    `ServerAliveInterval ${Math.max(1, Math.round(silenceMs / 4_000))}`,
    "ServerAliveCountMax 4",
    "GlobalKnownHostsFile /dev/null",
    "UpdateHostKeys no",
    "ControlPath none",
  ];
}

function describeTimeout({ displayName }: Hop, { output }: MasterStart, isInteractive: boolean): NotReady {
  const reports = parseLoginLog(output).at(-1);
  const step = reports?.hostKey === undefined ? "tcp" : "login";
  return createNotReady(
    step,
    isInteractive ? `${displayName}: nobody answered in time` : `${displayName}: the login takes too long`,
  );
}

/** Whether the host asks for something that `ssh` can ask a person for. */
function canPersonHelp({ isPartial, refusedWith = [], isHostRefused }: LoginReport): boolean {
  return !isHostRefused && (isPartial || refusedWith.includes("keyboard-interactive"));
}

function describePersonAction(reports: readonly LoginReport[], isInteractive: boolean): string | undefined {
  if (reports.some(({ usedFido }) => usedFido)) return "a touch of your security key";
  return isInteractive ? "an answer at the terminal" : undefined;
}

async function explainRefusal(
  { reports }: FailedLogin,
  target: Target,
  environment: SshEnvironment,
  hasAsked = false,
): Promise<NotReady> {
  const hops = [...target.jumps, target];
  const last = reports.at(-1);
  if (last === undefined) return createNotReady("login", `${target.displayName}: ssh did not say why`);
  return explainProgramRefusal(last, hops[reports.length - 1] ?? target, { environment, hasAsked });
}

/** Returns the error for a login that needs a person when nobody can be asked. */
export function personNeededError({ displayName }: Hop, person: string): UnitrainError {
  return new UnitrainError(
    "LOGIN_NEEDS_PERSON",
    `Cannot log in to ${displayName}: it requires ${person}, and there is no terminal to ask for it.`,
    {
      hint: "Attach at a terminal. A started training continues meanwhile, and a stop that you requested is done once you attach.",
      action: { type: "attach" },
    },
  );
}

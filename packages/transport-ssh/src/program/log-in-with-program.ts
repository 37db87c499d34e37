import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import { notReady } from "../connect/not-ready.ts";
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
  /** Called before the person at the terminal is asked; where it is left out, nobody can be. */
  readonly beforeAsking?: (() => void) | undefined;
  /** It is known that keys alone do not do. */
  readonly needsPerson?: boolean;
}

export interface ProgramLogin {
  readonly connection: Connection;
  readonly reports: readonly LoginReport[];
  /** What only a person could do. */
  readonly person: string | undefined;
}

/** One login by the `ssh` program: without asking anybody first, then, where that is not enough, with the person at the terminal. */
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
  if (options.signal.aborted) return notReady("login", "the try was given up");
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
    if (signal.aborted) return notReady("tcp", "the try was given up");
    const reports = parseLoginLog(started.output);
    if (!started.isUp)
      return started.hasTimedOut ? describeTimeout(target, started, isInteractive) : { reports };
    const connection = await openProgramConnection(folder);
    isConnected = true;
    if (signal.aborted) {
      await connection.close();
      return notReady("login", "the try was given up");
    }
    return { connection, reports, person: describePersonAction(reports, isInteractive) };
  } catch (error) {
    // Its socket was gone before we came to it, or it is an ssh that carries no channels of others.
    await endMaster(folder.socket);
    return notReady(
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
  return notReady(
    step,
    isInteractive ? `${displayName}: nobody answered in time` : `${displayName}: the login takes too long`,
  );
}

/** The machine, or a host on the way to it, wants what `ssh` asks a person for. */
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
  if (last === undefined) return notReady("login", `${target.displayName}: ssh did not say why`);
  return explainProgramRefusal(last, hops[reports.length - 1] ?? target, { environment, hasAsked });
}

/** The error of a login that only a person can do, where nobody is there who could be asked. */
export function personNeededError({ displayName }: Hop, person: string): UnitrainError {
  return new UnitrainError(
    "LOGIN_NEEDS_PERSON",
    `${displayName} lets us in only with ${person}, and nobody can be asked for it here.`,
    {
      hint: "A training that was started goes on meanwhile. Attach at a terminal: a stop that you asked for is carried out then.",
      action: { type: "attach" },
    },
  );
}

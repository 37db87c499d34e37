import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import { notYet } from "../connect/not-yet.ts";
import type { SshEnvironment } from "../environment.ts";
import type { Connection } from "../executor/connection.ts";
import { configText } from "../target/config-text.ts";
import type { Hop, Target } from "../target/target.ts";
import { type HeardLogin, hearLogin } from "./heard-login.ts";
import { makeMasterFolder } from "./master-folder.ts";
import { endMaster } from "./mux-link.ts";
import { withPins } from "./pin-program-keys.ts";
import { programConnection } from "./program-connection.ts";
import { programRefused } from "./program-refused.ts";
import { type MasterStart, startMaster } from "./start-master.ts";

export interface ProgramWay {
  readonly signal: AbortSignal;
  readonly environment: SshEnvironment;
  /** Called before the person at the terminal is asked; where it is left out, nobody can be. */
  readonly beforeAsking?: (() => void) | undefined;
  /** It is known that keys alone do not do. */
  readonly needsPerson?: boolean;
}

export interface ProgramLogin {
  readonly connection: Connection;
  readonly heard: readonly HeardLogin[];
  /** What only a person could do. */
  readonly person: string | undefined;
}

/** One login by the `ssh` program: without asking anybody first, then, where that is not enough, with the person at the terminal. */
export async function enterByProgram(
  loginOptions: Target,
  options: ProgramWay,
): Promise<ProgramLogin | NotReady> {
  const target = await withPins(loginOptions);
  if (options.needsPerson !== true || options.beforeAsking === undefined) {
    const answer = await attempt(target, options, false);
    if (!("heard" in answer) || "connection" in answer) return answer;
    const last = answer.heard.at(-1);
    if (last === undefined || options.beforeAsking === undefined || !wantsPerson(last)) {
      return refusal(answer, target, options.environment);
    }
  }
  if (options.signal.aborted) return notYet("login", "the try was given up");
  options.beforeAsking();
  const answer = await attempt(target, options, true);
  if (!("heard" in answer) || "connection" in answer) return answer;
  return refusal(answer, target, options.environment, true);
}

interface Failed {
  readonly heard: readonly HeardLogin[];
}

async function attempt(
  target: Target,
  { signal, environment }: ProgramWay,
  asks: boolean,
): Promise<ProgramLogin | Failed | NotReady> {
  const { env, home, silenceMs } = environment;
  const host = "machine";
  const folder = await makeMasterFolder(configText(target, host, settings(silenceMs, asks)));
  let isEntered = false;
  try {
    const started = await startMaster(folder, { host, env: { ...env, HOME: home }, signal, asks });
    if (signal.aborted) return notYet("tcp", "the try was given up");
    const heard = hearLogin(started.output);
    if (!started.isUp) return started.timedOut ? tooLong(target, started, asks) : { heard };
    const connection = await programConnection(folder);
    isEntered = true;
    if (signal.aborted) {
      await connection.close();
      return notYet("login", "the try was given up");
    }
    return { connection, heard, person: personAt(heard, asks) };
  } catch (error) {
    // Its socket was gone before we came to it, or it is an ssh that carries no channels of others.
    await endMaster(folder.socket);
    return notYet("login", `${target.shownAs}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    if (!isEntered) await folder.remove();
  }
}

function settings(silenceMs: number, asks: boolean): readonly string[] {
  return [
    `BatchMode ${asks ? "no" : "yes"}`,
    "ConnectTimeout 15",
    `ServerAliveInterval ${Math.max(1, Math.round(silenceMs / 4_000))}`,
    "ServerAliveCountMax 4",
    "GlobalKnownHostsFile /dev/null",
    "UpdateHostKeys no",
    "ControlPath none",
  ];
}

function tooLong({ shownAs }: Hop, { output }: MasterStart, asks: boolean): NotReady {
  const heard = hearLogin(output).at(-1);
  const step = heard?.hostKey === undefined ? "tcp" : "login";
  return notYet(step, asks ? `${shownAs}: nobody answered in time` : `${shownAs}: the login takes too long`);
}

/** The machine, or a host on the way to it, wants what `ssh` asks a person for. */
function wantsPerson({ isPartial, refusedWith = [], isHostRefused }: HeardLogin): boolean {
  return !isHostRefused && (isPartial || refusedWith.includes("keyboard-interactive"));
}

function personAt(heard: readonly HeardLogin[], asks: boolean): string | undefined {
  if (heard.some(({ usedFido }) => usedFido)) return "a touch of your security key";
  return asks ? "an answer at the terminal" : undefined;
}

async function refusal(
  { heard }: Failed,
  target: Target,
  environment: SshEnvironment,
  hasAsked = false,
): Promise<NotReady> {
  const hops = [...target.jumps, target];
  const last = heard.at(-1);
  if (last === undefined) return notYet("login", `${target.shownAs}: ssh did not say why`);
  return programRefused(last, hops[heard.length - 1] ?? target, { environment, hasAsked });
}

/** The error of a login that only a person can do, where nobody is there who could be asked. */
export function personNeeded({ shownAs }: Hop, person: string): UnitrainError {
  return new UnitrainError(
    "LOGIN_NEEDS_PERSON",
    `${shownAs} lets us in only with ${person}, and nobody can be asked for it here.`,
    {
      hint: "A training that was started goes on meanwhile. Attach at a terminal: a stop that you asked for is carried out then.",
      action: { type: "attach" },
    },
  );
}

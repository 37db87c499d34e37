import type { Machine, NotReady } from "@unitrain/core/spec";
import type { Executor } from "@unitrain/transport-posix";
import type { SshEnvironment } from "../environment.ts";
import type { Connection } from "../executor/connection.ts";
import { sshExecutor } from "../executor/ssh-executor.ts";
import type { SshOptions } from "../options.ts";
import { connectByProgram } from "../program/connect-by-program.ts";
import { readLoginNote } from "../program/login-note.ts";
import { hasProgram, whyAfterRefusal, whyProgram } from "../program/why-program.ts";
import { resolveTarget } from "../target/resolve.ts";
import type { Target } from "../target/target.ts";
import type { ConnectContext } from "./connect-context.ts";
import { enterBySsh2 } from "./enter-by-ssh2.ts";
import type { LoginRefused } from "./login-refused.ts";
import { notYet } from "./not-yet.ts";

/**
 * One try. The first good login is the session, and its connection carries everything. ssh2 logs in where it can: it needs no other
 * program. For what it does not know (certificates, FIDO keys, Kerberos, questions to a person), a machine that the user has already
 * is reached by the user's own `ssh`.
 */
export async function connect(
  machine: Machine,
  context: ConnectContext,
  options: SshOptions,
  environment: SshEnvironment,
  prompted: Set<string> = new Set(),
): Promise<Executor | NotReady> {
  const { signal } = context;
  const target = await resolveTarget(machine, context, options, environment).catch((error: unknown) => {
    if (signal.aborted) return notYet("tcp", "the try was given up");
    throw error;
  });
  if ("ready" in target) return target;
  const byProgram = (reason: string, needsPerson = false) =>
    connectByProgram(target, { context, options, environment, prompted, reason, needsPerson });
  const reason = target.isLeased
    ? undefined
    : ((await readLoginNote(context.folder))?.reason ?? (await whyProgram(target, environment)));
  if (reason !== undefined && (await hasProgram(environment, signal))) return byProgram(reason);
  const entered = await enterBySsh2(target, { ...context, silenceMs: environment.silenceMs });
  if ("ready" in entered) return entered;
  if ("refusal" in entered) {
    const otherWay = await wayAfter(entered, target, environment, signal);
    if (otherWay === undefined) throw entered.refusal;
    return byProgram(otherWay.reason, otherWay.needsPerson);
  }
  return sshExecutor(entered, {
    connections: options.connections ?? 4,
    another: async (signal): Promise<Connection | undefined> => {
      const options = { signal, showStatus: () => {}, silenceMs: environment.silenceMs };
      const more = await enterBySsh2(target, options);
      return "ready" in more || "refusal" in more ? undefined : more;
    },
  });
}

/** Why the `ssh` program may get in where ssh2 was refused. */
async function wayAfter(
  { hop, wantsPerson }: LoginRefused,
  { isLeased }: Target,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<{ readonly reason: string; readonly needsPerson: boolean } | undefined> {
  if (isLeased) return undefined;
  const needsPerson = wantsPerson && environment.canAsk;
  const reason = await whyAfterRefusal(hop, environment);
  if (reason === undefined && !needsPerson) return undefined;
  if (!(await hasProgram(environment, signal))) return undefined;
  return {
    reason: reason ?? `a question of ${hop.shownAs} that only a person can answer`,
    needsPerson: reason === undefined,
  };
}

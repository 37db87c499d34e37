import type { Machine, NotReady } from "@unitrain/core/spec";
import type { Executor } from "@unitrain/transport-posix";
import type { SshEnvironment } from "../environment.ts";
import type { Connection } from "../executor/connection.ts";
import { createSshExecutor } from "../executor/ssh-executor.ts";
import type { SshOptions } from "../options.ts";
import { connectWithProgram } from "../program/connect-with-program.ts";
import { readLoginNote } from "../program/login-note.ts";
import { canUseProgram, findProgramReason, findReasonAfterRefusal } from "../program/program-reason.ts";
import { resolveTarget } from "../target/resolve.ts";
import type { Target } from "../target/target.ts";
import type { ConnectContext } from "./connect-context.ts";
import { logInWithSsh2 } from "./log-in-with-ssh2.ts";
import type { LoginRefused } from "./login-refused.ts";
import { createNotReady } from "./not-ready.ts";

/**
 * Tries once to connect. ssh2 logs in where it can, because it needs no other program. What it does not support (certificates, FIDO
 * keys, Kerberos, questions to a person) is done by the user's own `ssh` program, but only for a machine that the user already has.
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
    if (signal.aborted) return createNotReady("tcp", "the attempt was cancelled");
    throw error;
  });
  if ("ready" in target) return target;
  const connectByProgram = (reason: string, needsPerson = false) =>
    connectWithProgram(target, { context, options, environment, prompted, reason, needsPerson });
  const reason = target.isLeased
    ? undefined
    : ((await readLoginNote(context.folder))?.reason ?? (await findProgramReason(target, environment)));
  if (reason !== undefined && (await canUseProgram(environment, signal))) return connectByProgram(reason);
  const login = await logInWithSsh2(target, { ...context, silenceMs: environment.silenceMs });
  if ("ready" in login) return login;
  if ("refusal" in login) {
    const fallback = await findFallback(login, target, environment, signal);
    if (fallback === undefined) throw login.refusal;
    return connectByProgram(fallback.reason, fallback.needsPerson);
  }
  return createSshExecutor(login, {
    connections: options.connections ?? 4,
    logInAgain: async (signal): Promise<Connection | undefined> => {
      const options = { signal, showStatus: () => {}, silenceMs: environment.silenceMs };
      const extraConnection = await logInWithSsh2(target, options);
      return "ready" in extraConnection || "refusal" in extraConnection ? undefined : extraConnection;
    },
  });
}

/** Returns why the `ssh` program may log in where ssh2 was refused; undefined when it cannot. */
async function findFallback(
  { hop, needsPerson: wantsPerson }: LoginRefused,
  { isLeased }: Target,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<{ readonly reason: string; readonly needsPerson: boolean } | undefined> {
  if (isLeased) return undefined;
  const needsPerson = wantsPerson && environment.canAsk;
  const reason = await findReasonAfterRefusal(hop, environment);
  if (reason === undefined && !needsPerson) return undefined;
  if (!(await canUseProgram(environment, signal))) return undefined;
  return {
    reason: reason ?? `a question of ${hop.displayName} that only a person can answer`,
    needsPerson: reason === undefined,
  };
}

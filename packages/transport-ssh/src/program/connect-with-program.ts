import type { NotReady } from "@unitrain/core/spec";
import type { Executor } from "@unitrain/transport-posix";
import type { ConnectContext } from "../connect/connect-context.ts";
import type { SshEnvironment } from "../environment.ts";
import { createSshExecutor } from "../executor/ssh-executor.ts";
import type { SshOptions } from "../options.ts";
import type { Target } from "../target/target.ts";
import { logInWithProgram, personNeededError } from "./log-in-with-program.ts";
import { type LoginNote, readLoginNote, writeLoginNote } from "./login-note.ts";
import { pinProgramKeys } from "./pin-program-keys.ts";

export interface ProgramConnectOptions {
  readonly context: ConnectContext;
  readonly options: SshOptions;
  readonly environment: SshEnvironment;
  /** Leases for which this process has already asked a person, who may no longer be at the terminal. */
  readonly prompted: Set<string>;
  readonly reason: string;
  readonly needsPerson: boolean;
}

/** Connects to a machine that the user already has, with the user's own `ssh` program. */
export async function connectWithProgram(
  target: Target,
  { context, options, environment, prompted, reason, needsPerson }: ProgramConnectOptions,
): Promise<Executor | NotReady> {
  const { folder, leaseId, signal, showStatus } = context;
  const loginNote = await readLoginNote(folder);
  const canAskPerson = environment.canAsk && !prompted.has(leaseId);
  // Do not try a login that needs a person: repeated failures may get the user banned.
  if (loginNote?.person !== undefined && !canAskPerson) throw personNeededError(target, loginNote.person);
  if (loginNote === undefined || loginNote.person !== undefined)
    showStatus(`Connecting with the ssh program because of ${reason}`);
  const beforeAsking = () => {
    prompted.add(leaseId);
    showStatus(`${target.displayName} asks for your input: answer below`);
  };
  const login = await logInWithProgram(target, {
    signal,
    environment,
    needsPerson: needsPerson || loginNote?.person !== undefined,
    ...(canAskPerson ? { beforeAsking } : {}),
  });
  if ("ready" in login) return login;
  const { connection, reports, person } = login;
  await pinProgramKeys(target, reports);
  if (loginNote === undefined) showStatus("SSH service ready");
  else if (person !== undefined) showStatus("Logged in");
  if (person !== undefined) prompted.add(leaseId);
  const updatedNote: LoginNote = { reason, ...(person === undefined ? {} : { person }) };
  await writeLoginNote(folder, updatedNote);
  return createSshExecutor(connection, {
    loginNeedsPerson: person,
    connections: person === undefined ? (options.connections ?? 4) : 1,
    logInAgain: async (signal) => {
      const extraLogin = await logInWithProgram(target, { signal, environment });
      return "ready" in extraLogin ? undefined : extraLogin.connection;
    },
  });
}

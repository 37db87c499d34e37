import type { NotReady } from "@unitrain/core/spec";
import type { Executor } from "@unitrain/transport-posix";
import type { ConnectContext } from "../connect/connect-context.ts";
import type { SshEnvironment } from "../environment.ts";
import { sshExecutor } from "../executor/ssh-executor.ts";
import type { SshOptions } from "../options.ts";
import type { Target } from "../target/target.ts";
import { enterByProgram, personNeeded } from "./enter-by-program.ts";
import { type LoginNote, readLoginNote, writeLoginNote } from "./login-note.ts";
import { pinProgramKeys } from "./pin-program-keys.ts";

export interface ProgramConnectOptions {
  readonly context: ConnectContext;
  readonly options: SshOptions;
  readonly environment: SshEnvironment;
  /** Leases for which this process has asked a person already: nobody may sit there the next time. */
  readonly prompted: Set<string>;
  readonly reason: string;
  readonly needsPerson: boolean;
}

/** Reaches a machine that the user has already by the user's own `ssh`. */
export async function connectByProgram(
  target: Target,
  { context, options, environment, prompted, reason, needsPerson }: ProgramConnectOptions,
): Promise<Executor | NotReady> {
  const { folder, leaseId, signal, showStatus } = context;
  const loginNote = await readLoginNote(folder);
  const mayAsk = environment.canAsk && !prompted.has(leaseId);
  // A login that fails again and again gets its user banned.
  if (loginNote?.person !== undefined && !mayAsk) throw personNeeded(target, loginNote.person);
  if (loginNote === undefined || loginNote.person !== undefined)
    showStatus(`Connecting with the ssh program because of ${reason}`);
  const beforeAsking = () => {
    prompted.add(leaseId);
    showStatus(`${target.shownAs} asks you something: answer below`);
  };
  const entered = await enterByProgram(target, {
    signal,
    environment,
    needsPerson: needsPerson || loginNote?.person !== undefined,
    ...(mayAsk ? { beforeAsking } : {}),
  });
  if ("ready" in entered) return entered;
  const { connection, heard, person } = entered;
  await pinProgramKeys(target, heard);
  if (loginNote === undefined) showStatus("SSH service ready");
  else if (person !== undefined) showStatus("Logged in");
  if (person !== undefined) prompted.add(leaseId);
  const found: LoginNote = { reason, ...(person === undefined ? {} : { person }) };
  await writeLoginNote(folder, found);
  return sshExecutor(connection, {
    loginNeedsPerson: person,
    connections: person === undefined ? (options.connections ?? 4) : 1,
    another: async (signal) => {
      const more = await enterByProgram(target, { signal, environment });
      return "ready" in more ? undefined : more.connection;
    },
  });
}

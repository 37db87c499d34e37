import { pickSecrets, type RunSecrets } from "../../../secrets/run-secrets.ts";
import type { CallContext, Command, Plan, Session } from "../../../spec/index.ts";
import type { Connected } from "../../link/link.ts";
import type { InstallLog } from "./install-log.ts";

const stopGraceMs = 5_000;

/** What it takes to run such a command. */
export interface CommandingRun extends Connected {
  readonly plan: Pick<Plan, "secrets">;
  readonly secrets: RunSecrets;
}

/** A command that prepares the machine and runs as its own job. */
export interface DetachedCommand extends Command {
  readonly id: string;
  readonly cwd: string;
  readonly title: string;
  readonly timeoutMs: number;
}

/**
 * Runs a command that survives a lost connection and the end of this process, and writes its output to the installation log. A
 * process that takes over follows the same job. The command has the secrets of the run, for example for a private package index. Returns the exit code, or the job's state if it has none.
 */
export async function runDetachedCommand(
  run: CommandingRun,
  { id, argv, env = {}, cwd, title, timeoutMs }: DetachedCommand,
  log: InstallLog,
  signal: AbortSignal,
): Promise<number | string> {
  const call = { phase: "environment" as const, timeoutMs, signal };
  const { secrets } = run.plan;
  const job = { id, argv, env, secrets, cwd, watch: [], needs: { gpus: 0 }, title };
  const follow = async (session: Session, context: CallContext) => {
    await log.begin();
    for await (const part of session.follow(id, 0, context))
      if (part.kind === "log") await log.add(part.bytes);
    await log.end();
    const state = await session.getJobState(id, context);
    return state.state === "ended" ? state.exitCode : state.state;
  };
  await run.link.use({ ...call, method: "start" }, (session, context) =>
    session.start(job, pickSecrets(run.secrets, secrets), context),
  );
  try {
    return await run.link.use({ ...call, method: "follow" }, follow);
  } catch (error) {
    // After an abort the command is stopped, because it would continue to fill the disk.
    if (signal.aborted) await stopDetachedCommand(run, id);
    throw error;
  }
}

async function stopDetachedCommand(run: Connected, id: string): Promise<void> {
  const call = {
    phase: "environment" as const,
    method: "stop",
    timeoutMs: 30_000,
    signal: new AbortController().signal,
  };
  await run.link
    .use({ ...call, patienceMs: 5_000 }, (session, context) => session.stop(id, stopGraceMs, context))
    .catch(() => {});
}

import type { CallContext, Command, Session } from "../../spec/index.ts";
import type { ActiveRun } from "../active-run.ts";
import type { InstallLog } from "./install-log.ts";

const stopGraceMs = 5_000;

/** A command that prepares the machine, as a job of its own. */
export interface DetachedCommand extends Command {
  readonly id: string;
  readonly cwd: string;
  readonly title: string;
  readonly timeoutMs: number;
}

/**
 * Runs a command that outlives our connection and this process, and follows it into the installation's log. A process that takes
 * over follows the same job. Returns its exit code, or its state where it has none.
 */
export async function runDetachedCommand(
  run: ActiveRun,
  { id, argv, env = {}, cwd, title, timeoutMs }: DetachedCommand,
  log: InstallLog,
  signal: AbortSignal,
): Promise<number | string> {
  const call = { phase: "environment" as const, timeoutMs, signal };
  const job = { id, argv, env, secrets: [], cwd, watch: [], needs: { gpus: 0 }, title };
  const follow = async (session: Session, context: CallContext) => {
    await log.begin();
    for await (const part of session.follow(id, 0, context))
      if (part.kind === "log") await log.add(part.bytes);
    await log.end();
    const state = await session.getJobState(id, context);
    return state.state === "ended" ? state.exitCode : state.state;
  };
  await run.link.use({ ...call, method: "start" }, (session, context) => session.start(job, {}, context));
  try {
    return await run.link.use({ ...call, method: "follow" }, follow);
  } catch (error) {
    // A command nobody waits for is ended: it would go on filling the disk.
    if (signal.aborted) await stopDetachedCommand(run, id);
    throw error;
  }
}

async function stopDetachedCommand(run: ActiveRun, id: string): Promise<void> {
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

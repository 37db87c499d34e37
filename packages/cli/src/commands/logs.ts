import type { Run, RunSummary, Runs } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { attachTo, findRun } from "../runs/find-run.ts";
import { copyLog } from "../runs/log-copy.ts";
import type { Flags } from "../settings/flags.ts";
import { listenForInterrupts } from "../signals/interrupts.ts";
import { clean } from "../terminal/render/clean.ts";
import { localPaths } from "../terminal/render/local-paths.ts";

/**
 * The training's log, masked, on stdout. It goes on while the run lives, on a terminal or with `--follow`: of a run that nobody
 * drives this process fetches it from the machine, and leaves it again at Ctrl-C.
 */
export async function logs(name: string | undefined, flags: Flags, context: CliContext): Promise<ExitCode> {
  const { engine, stdout, stderr } = context;
  const runs = await (await engine()).runs();
  const found = await findRun(runs, name);
  const lives = found.state === "active" || found.state === "detached";
  const follows = flags.follow ?? (stdout.isTTY === true && lives);
  if (follows && lives) return followLog(runs, found, context);
  const run = await runs.attach(found.id, { as: "follower" });
  try {
    await copyLog(run.paths.log, Promise.resolve(), stdout, localPaths(run, context.folder));
    const shown = clean(found.name);
    if (found.state === "detached")
      stderr.write(
        `Nobody follows ${shown} at the moment: unitrain logs ${shown} -f brings more from its machine.\n`,
      );
    if (found.state === "interrupted")
      stderr.write(`The start of ${shown} was cut off: unitrain attach ${shown} goes on with it.\n`);
    return exitCodes.done;
  } finally {
    await run[Symbol.asyncDispose]();
  }
}

async function followLog(runs: Runs, found: RunSummary, context: CliContext): Promise<ExitCode> {
  const { stdout, stderr, env, signals, exit } = context;
  const run = await attachTo(runs, found.id, env);
  const name = clean(run.name);
  if (run.role === "controller")
    stderr.write(
      `Nobody followed ${name}: this does now, until Ctrl-C, and downloads its model at the end.\n`,
    );
  let isInterrupted = false;
  const interrupts = listenForInterrupts(signals, {
    answering: () => {
      isInterrupted = true;
    },
    failed: (error) => void stderr.write(`${clean(String(error))}\n`),
    exit: () => exit(exitCodes.interrupted),
  });
  try {
    // Whoever only reads leaves again: nothing is asked, nothing is stopped.
    interrupts.holds(run, { hasJobBegun: true, rented: false, guarded: false });
    run.result.catch(() => {});
    const over = Promise.race([eventsEnd(run), interrupts.watchingEnded]);
    await copyLog(run.paths.log, over, stdout, localPaths(run, context.folder));
    if (isInterrupted) stderr.write(`${name} goes on by itself.\n`);
    return isInterrupted ? exitCodes.interrupted : exitCodes.done;
  } finally {
    interrupts.close();
    // Never by disposing of it: that would stop a training that only was to be read about.
    await (run.role === "follower" ? run[Symbol.asyncDispose]() : run.detach());
  }
}

/** The run is over; of one that another process drives, also when that one leaves it. */
async function eventsEnd(run: Run): Promise<void> {
  for await (const event of run.events) {
    if (event.type === "finished") return;
  }
}

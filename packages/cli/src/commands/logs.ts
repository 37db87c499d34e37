import type { Run, RunDetails, Runs } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { attachTo, findRun } from "../runs/find-run.ts";
import { copyLog } from "../runs/log-copy.ts";
import type { Flags } from "../settings/flags.ts";
import { listenForInterrupts } from "../signals/interrupts.ts";
import { formatHint } from "../terminal/render/hint.ts";
import { createPathTranslator } from "../terminal/render/path-translator.ts";
import { writeLines } from "../terminal/write.ts";

/**
 * Prints the masked log of a training on stdout. On a terminal or with `--follow` it follows the log while the run is active. If no
 * other process drives the run, this process fetches the log from the machine until Ctrl-C.
 */
export async function logs(name: string | undefined, flags: Flags, context: CliContext): Promise<ExitCode> {
  const { engine, stdout, stderr } = context;
  const runs = await (await engine()).runs();
  const found = await findRun(runs, name);
  const lives = found.state === "active" || found.state === "detached";
  const follows = flags.follow ?? (stdout.isTTY === true && lives);
  if (follows && lives) return followLog(runs, found, flags, context);
  const run = await runs.attach(found.id, { as: "follower" });
  try {
    await copyLog(run.paths.log, Promise.resolve(), stdout, createPathTranslator(run, context.folder));
    const shown = found.name;
    if (found.state === "detached")
      writeLines(stderr, [
        `No process follows ${shown} at the moment. To fetch more from its machine: unitrain logs ${shown} -f`,
      ]);
    if (found.state === "interrupted")
      writeLines(stderr, [`The start of ${shown} was interrupted. To continue it: unitrain attach ${shown}`]);
    return exitCodes.done;
  } finally {
    await run[Symbol.asyncDispose]();
  }
}

async function followLog(
  runs: Runs,
  found: RunDetails,
  { input }: Flags,
  context: CliContext,
): Promise<ExitCode> {
  const { stdout, stderr, signals, exit } = context;
  const run = await attachTo(runs, found, context, input !== false);
  const { name } = run;
  if (run.role === "controller")
    writeLines(stderr, [
      `No process followed ${name}. This one follows it until Ctrl-C, and downloads its model at the end.`,
    ]);
  let isInterrupted = false;
  const interrupts = listenForInterrupts(signals, {
    answering: () => {
      isInterrupted = true;
    },
    failed: (error) => writeLines(stderr, [String(error)]),
    exit: () => exit(exitCodes.interrupted),
  });
  try {
    // Ctrl-C only ends the reading, so nothing is asked and nothing is stopped.
    interrupts.holds(run, { hasJobBegun: true, rented: false, guarded: false });
    run.result.catch(() => {});
    const over = Promise.race([watchEvents(run, context), interrupts.watchingEnded]);
    await copyLog(run.paths.log, over, stdout, createPathTranslator(run, context.folder));
    if (isInterrupted) writeLines(stderr, [`${name} continues without this process.`]);
    return isInterrupted ? exitCodes.interrupted : exitCodes.done;
  } finally {
    interrupts.close();
    // A controller is detached and not disposed of, because disposing would stop the training.
    await (run.role === "follower" ? run[Symbol.asyncDispose]() : run.detach());
  }
}

/** Resolves when the run is over, or when the process that drives it leaves it. Says so if output is withheld. */
async function watchEvents(run: Run, { stderr }: Pick<CliContext, "stderr">): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  for await (const event of run.events) {
    if (event.type === "finished") return;
    // Events of the past arrive at once. Output that a process withheld may be shown by the next one.
    if (event.type === "log" || event.type === "controller") clearTimeout(timer);
    if (event.type !== "warning" || event.withheldFor === undefined) continue;
    const text = [event.message, formatHint(event)].join(" ");
    timer = setTimeout(() => writeLines(stderr, [text]), settledMs).unref();
  }
}

const settledMs = 100;

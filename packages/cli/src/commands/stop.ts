import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { findRun } from "../runs/find-run.ts";
import { followRun } from "../runs/follow-run.ts";
import type { Flags } from "../settings/flags.ts";
import { describeNextInterrupt } from "../signals/interrupt-text.ts";
import { createRunSituation, showInterrupts } from "../signals/on-screen.ts";
import { clean } from "../terminal/render/clean.ts";
import { measureWidth, wrapText } from "../terminal/render/line.ts";
import { openScreen } from "../terminal/screen/open-screen.ts";

/** Stops a training, downloads its files, and releases the machine. */
export async function stop(name: string | undefined, flags: Flags, context: CliContext): Promise<ExitCode> {
  const json = flags.json === true;
  const runs = await (await context.engine()).runs();
  const found = await findRun(runs, name);
  const shownName = clean(found.name);
  if (found.state === "over") {
    context.stderr.write(`${shownName} is already over, so there is nothing to stop.\n`);
    return exitCodes.done;
  }
  const cleanup = found.provider.ownership === "rented" ? "releasing the machine" : "cleaning up";
  const { stderr } = context;
  const actor = found.guarded === true ? " The guardian does this." : "";
  const announcement = `Stopping the training of ${shownName}, downloading the best model so far and ${cleanup}.${actor}`;
  for (const line of wrapText(announcement, measureWidth(stderr))) stderr.write(`${line}\n`);
  const run = await runs.attach(found.id);
  const screen = await openScreen(context, {
    json,
    interruptHint: () => describeNextInterrupt(run, screen.view, interrupts.next()),
    since: context.now(),
  });
  const interrupts = showInterrupts(screen, context, { json, input: flags.input });
  try {
    interrupts.holds(run, createRunSituation(run, screen.view));
    interrupts.stops();
    screen.view.isStopping = true;
    return await followRun(
      run,
      { screen, interrupts, json, detachRequest: run.stop(), stops: true },
      context,
    );
  } finally {
    screen.close();
    interrupts.close();
  }
}

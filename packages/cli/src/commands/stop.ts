import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { findRun } from "../runs/find-run.ts";
import { followRun } from "../runs/follow-run.ts";
import type { Flags } from "../settings/flags.ts";
import { leavingHint } from "../signals/interrupt-text.ts";
import { interruptsOnScreen, seenOf } from "../signals/on-screen.ts";
import { clean } from "../terminal/render/clean.ts";
import { widthOf, wrapped } from "../terminal/render/line.ts";
import { openScreen } from "../terminal/screen/open-screen.ts";

/** Ends a training now, downloads what there is, releases the machine. */
export async function stop(name: string | undefined, flags: Flags, context: CliContext): Promise<ExitCode> {
  const json = flags.json === true;
  const runs = await (await context.engine()).runs();
  const found = await findRun(runs, name);
  const shownName = clean(found.name);
  if (found.state === "over") {
    context.stderr.write(`${shownName} is over already: there is nothing to stop.\n`);
    return exitCodes.done;
  }
  const back = found.provider.ownership === "rented" ? " releases the machine" : " cleans up";
  const { stderr } = context;
  const by = found.guarded === true ? " The guardian does it." : "";
  const promise = `Ends the training of ${shownName} now, downloads the best model so far,${back}.${by}`;
  for (const line of wrapped(promise, widthOf(stderr))) stderr.write(`${line}\n`);
  const run = await runs.attach(found.id);
  const screen = await openScreen(context, {
    json,
    interruptHint: () => leavingHint(run, screen.view, interrupts.next()),
    since: context.now(),
  });
  const interrupts = interruptsOnScreen(screen, context, { json, input: flags.input });
  try {
    interrupts.holds(run, seenOf(run, screen.view));
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

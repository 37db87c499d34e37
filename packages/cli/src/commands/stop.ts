import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { findRun } from "../runs/find-run.ts";
import { followRun } from "../runs/follow-run.ts";
import type { Flags } from "../settings/flags.ts";
import { readAvailableSecrets } from "../settings/secrets.ts";
import { describeNextInterrupt } from "../signals/interrupt-text.ts";
import { createRunSituation, showInterrupts } from "../signals/on-screen.ts";
import { openScreen } from "../terminal/screen/open-screen.ts";
import { writeLines, writeSentence } from "../terminal/write.ts";

/** Stops a training, downloads its files, and releases the machine. */
export async function stop(name: string | undefined, flags: Flags, context: CliContext): Promise<ExitCode> {
  const json = flags.json === true;
  const runs = await (await context.engine()).runs();
  const found = await findRun(runs, name);
  if (found.state === "over") {
    writeLines(context.stderr, [`${found.name} is already over, so there is nothing to stop.`]);
    return exitCodes.done;
  }
  const cleanup = found.provider.ownership === "rented" ? "releasing the machine" : "cleaning up";
  const actor = found.guarded === true ? " The guardian does this." : "";
  writeSentence(
    context.stderr,
    `Stopping the training of ${found.name}, downloading the best model so far and ${cleanup}.${actor}`,
  );
  const run = await runs.attach(found.id, {
    secrets: readAvailableSecrets(found.plan.secrets, context.env),
  });
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

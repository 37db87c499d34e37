import type { Run } from "@unitrain/core";
import type { CliContext } from "../cli-context.ts";
import { confirmRental } from "../confirm-rental.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Flags } from "../flags.ts";
import { followRun } from "../follow-run.ts";
import { makePlan } from "../make-plan.ts";
import { clean } from "../render/clean.ts";
import { widthOf } from "../render/line.ts";
import { planLines } from "../render/plan.ts";
import { leavingHint } from "../render/progress-output.ts";
import { openScreen } from "../screen/open-screen.ts";
import { progressLine } from "../screen/progress-line.ts";
import { trainCommand } from "../settings/command-line.ts";
import { secretValues } from "../settings/secrets.ts";
import { interruptsOnScreen, seenOf } from "../signals/on-screen.ts";
import { printPlan } from "./plan.ts";

/** Plans, starts, shows, and downloads; leaves the run to itself when it is told to. */
export async function train(words: readonly string[], flags: Flags, context: CliContext): Promise<ExitCode> {
  const json = flags.json === true;
  let run: Run | undefined;
  const screen = await openScreen(context, {
    json,
    interruptHint: () => (run === undefined ? "" : leavingHint(run, screen.view, interrupts.next())),
  });
  const interrupts = interruptsOnScreen(screen, context, { json, input: flags.input });
  const showStatus = (message: string) => screen.print([[clean(message)]]);
  try {
    const { unitrain, plan, settings, report, alternatives } = await makePlan(
      words,
      flags,
      interrupts.signal,
      showStatus,
      context,
      { starts: flags.dryRun !== true },
    );
    if (flags.dryRun === true) {
      printPlan({ plan, settings, report, alternatives }, flags, context, trainCommand(words, flags));
      return exitCodes.done;
    }
    if (!json) {
      const { folder, stderr } = context;
      const { sources } = settings;
      const width = widthOf(stderr);
      screen.print([
        ...planLines(plan, { folder, width, all: flags.verbose, sources, report, alternatives }),
        [],
      ]);
    }
    const secrets = await secretValues(plan.secrets, flags.input !== false, context);
    if (!(await confirmRental(plan, flags, interrupts.signal, context))) {
      screen.print([["Nothing was rented."]]);
      return exitCodes.interrupted;
    }
    const progress = progressLine(context);
    run = await unitrain
      .start(plan, { secrets, progress: json ? () => {} : progress.update })
      .finally(progress.clear);
    interrupts.holds(run, seenOf(run, screen.view));
    const detaching = flags.detach === true ? { detaches: true, asked: run.detach() } : {};
    return await followRun(run, { screen, interrupts, json, ...detaching }, context);
  } finally {
    screen.close();
    interrupts.close();
  }
}

import type { Run } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { confirmRental } from "../plan/confirm-rental.ts";
import { confirmSetup } from "../plan/confirm-setup.ts";
import { makePlan } from "../plan/make-plan.ts";
import { followRun } from "../runs/follow-run.ts";
import { besideTraining } from "../settings/beside-training.ts";
import type { Flags } from "../settings/flags.ts";
import { secretValues } from "../settings/secrets.ts";
import { leavingHint } from "../signals/interrupt-text.ts";
import { createRunSituation, interruptsOnScreen } from "../signals/on-screen.ts";
import { clean } from "../terminal/render/clean.ts";
import { measureWidth } from "../terminal/render/line.ts";
import { planLines } from "../terminal/render/plan.ts";
import { openScreen } from "../terminal/screen/open-screen.ts";
import { progressLine } from "../terminal/screen/progress-line.ts";
import { nextCommand, printPlan } from "./plan.ts";

/** Plans and starts a training, shows it, and downloads its results. With `--detach` it leaves the run once it is started. */
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
      printPlan(
        { plan, settings, report, alternatives },
        flags,
        context,
        nextCommand(words, flags, { settings }),
      );
      return exitCodes.done;
    }
    if (!json) {
      const { folder, stderr } = context;
      const { sources } = settings;
      const width = measureWidth(stderr);
      screen.print([
        ...planLines(plan, {
          folder,
          width,
          besideTraining,
          all: flags.verbose,
          sources,
          report,
          alternatives,
        }),
        [],
      ]);
    }
    const secrets = await secretValues(plan.secrets, flags.input !== false, context);
    if (!(await confirmRental(plan, flags, interrupts.signal, context))) {
      screen.print([["Nothing was rented."]]);
      return exitCodes.interrupted;
    }
    if (!(await confirmSetup(plan, flags, interrupts.signal, showStatus, context))) {
      screen.print([["Nothing was started."]]);
      return exitCodes.interrupted;
    }
    const progress = progressLine(context);
    run = await unitrain
      .start(plan, { secrets, progress: json ? () => {} : progress.update })
      .finally(progress.clear);
    interrupts.holds(run, createRunSituation(run, screen.view));
    const detaching = flags.detach === true ? { detaches: true, asked: run.detach() } : {};
    return await followRun(run, { screen, interrupts, json, ...detaching }, context);
  } finally {
    screen.close();
    interrupts.close();
  }
}

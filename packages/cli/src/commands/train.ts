import type { Run } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { confirmRental } from "../plan/confirm-rental.ts";
import { confirmSetup } from "../plan/confirm-setup.ts";
import { makePlan } from "../plan/make-plan.ts";
import { followRun } from "../runs/follow-run.ts";
import type { Flags } from "../settings/flags.ts";
import { collectSecretValues } from "../settings/secrets.ts";
import { settingsOutsideTraining } from "../settings/settings-outside-training.ts";
import { describeNextInterrupt } from "../signals/interrupt-text.ts";
import { createRunSituation, showInterrupts } from "../signals/on-screen.ts";
import { measureWidth } from "../terminal/render/line.ts";
import { renderPlan } from "../terminal/render/plan.ts";
import { openScreen } from "../terminal/screen/open-screen.ts";
import { createProgressLine } from "../terminal/screen/progress-line.ts";
import { formatNextCommand, printPlan } from "./plan.ts";

/** Plans and starts a training, shows it, and downloads its results. With `--detach` it leaves the run once it is started. */
export async function train(words: readonly string[], flags: Flags, context: CliContext): Promise<ExitCode> {
  const json = flags.json === true;
  let run: Run | undefined;
  const screen = await openScreen(context, {
    json,
    interruptHint: () =>
      run === undefined ? "" : describeNextInterrupt(run, screen.view, interrupts.next()),
  });
  const interrupts = showInterrupts(screen, context, { json, input: flags.input });
  const showStatus = (message: string) => screen.print([[message]]);
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
        formatNextCommand(words, flags, { settings }),
      );
      return exitCodes.done;
    }
    if (!json) {
      const { folder, stderr } = context;
      const { sources } = settings;
      const width = measureWidth(stderr);
      screen.print([
        ...renderPlan(plan, {
          folder,
          width,
          settingsOutsideTraining,
          all: flags.verbose,
          sources,
          report,
          alternatives,
        }),
        [],
      ]);
    }
    const secrets = await collectSecretValues(plan.secrets, flags.input !== false, context);
    if (!(await confirmRental(plan, flags, interrupts.signal, context))) {
      screen.print([["Nothing was rented."]]);
      return exitCodes.interrupted;
    }
    if (!(await confirmSetup(plan, flags, interrupts.signal, showStatus, context))) {
      screen.print([["Nothing was started."]]);
      return exitCodes.interrupted;
    }
    const progress = createProgressLine(context);
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

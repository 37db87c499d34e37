import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { PlannedRun } from "../plan/planned-run.ts";
import { formatTrainCommand } from "../settings/command-line.ts";
import type { Flags } from "../settings/flags.ts";
import { listAllSettings } from "../settings/list-all-settings.ts";
import { settingsOutsideTraining } from "../settings/settings-outside-training.ts";
import { renderInterruptAction } from "../signals/interrupt-text.ts";
import { listenForInterrupts } from "../signals/interrupts.ts";
import { type Line, measureWidth, styled } from "../terminal/render/line.ts";
import { renderPlan } from "../terminal/render/plan.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

/** Makes a plan and prints it on stdout. Starts nothing. */
export async function plan(words: readonly string[], flags: Flags, context: CliContext): Promise<ExitCode> {
  const { stderr } = context;
  const print = (lines: readonly Line[]) => writeLines(stderr, lines);
  const interrupts = listenForInterrupts(context.signals, {
    answering: (answer) => print(renderInterruptAction(answer, undefined, true, measureWidth(stderr))),
    failed: () => {},
    exit: () => context.exit(exitCodes.interrupted),
  });
  try {
    const planned = await makePlan(
      words,
      flags,
      interrupts.signal,
      (message) => print([[message]]),
      context,
      { starts: false },
    );
    printPlan(planned, flags, context, formatNextCommand(words, flags, planned));
    return exitCodes.done;
  } finally {
    interrupts.close();
  }
}

/** Returns the command that executes the plan. */
export function formatNextCommand(
  words: readonly string[],
  flags: Flags,
  { settings }: Pick<PlannedRun, "settings">,
): string {
  return formatTrainCommand(words, flags, listAllSettings(settings.framework.commandLine.settings));
}

/** Prints a plan as JSON, or as text that ends with the command that executes it. */
export function printPlan(
  {
    plan,
    settings: { sources },
    report,
    alternatives,
  }: Pick<PlannedRun, "plan" | "settings" | "report" | "alternatives">,
  { json, verbose }: Flags,
  { stdout, folder }: CliContext,
  next: string,
): void {
  if (json === true) {
    writeJson(stdout, plan, 2);
    return;
  }
  const lines = renderPlan(plan, {
    settingsOutsideTraining,
    folder,
    width: measureWidth(stdout),
    all: verbose,
    sources,
    report,
    alternatives,
  });
  // The command is not wrapped, so that it can be copied.
  const nextLine: Line = [styled("bold", "Next"), `   ${next}`];
  writeLines(stdout, [...lines, nextLine]);
}

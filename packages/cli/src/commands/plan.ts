import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Flags } from "../flags.ts";
import { type Made, makePlan } from "../make-plan.ts";
import { clean } from "../render/clean.ts";
import { type Line, painted, styled, widthOf } from "../render/line.ts";
import { planLines } from "../render/plan.ts";
import { answerLines } from "../render/talk.ts";
import { trainCommand } from "../settings/command-line.ts";
import { listenForInterrupts } from "../signals/interrupts.ts";
import type { Surroundings } from "../surroundings.ts";

/** Checks and prices, prints the plan on stdout, starts nothing. */
export async function plan(
  words: readonly string[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { stderr } = surroundings;
  const say = (lines: readonly Line[]) => {
    for (const line of painted(lines, stderr)) stderr.write(`${line}\n`);
  };
  const interrupts = listenForInterrupts(surroundings.signals, {
    answering: (answer) => say(answerLines(answer, undefined, true, widthOf(stderr))),
    failed: () => {},
    exit: () => surroundings.exit(exitCodes.interrupted),
  });
  try {
    const made = await makePlan(
      words,
      flags,
      interrupts.signal,
      (message) => say([[clean(message)]]),
      surroundings,
      { starts: false },
    );
    printPlan(made, flags, surroundings, trainCommand(words, flags));
    return exitCodes.done;
  } finally {
    interrupts.close();
  }
}

/** The plan as data: for a person, ending with the command that carries it out, or as JSON. */
export function printPlan(
  {
    plan: made,
    settings: { origins },
    report,
    alternatives,
  }: Pick<Made, "plan" | "settings" | "report" | "alternatives">,
  { json, verbose }: Flags,
  { stdout, folder }: Surroundings,
  next: string,
): void {
  if (json === true) {
    stdout.write(`${JSON.stringify(made, null, 2)}\n`);
    return;
  }
  const lines = planLines(made, {
    folder,
    width: widthOf(stdout),
    all: verbose,
    origins,
    report,
    alternatives,
  });
  // In one line however long it is, so that it can be copied.
  const nextLine: Line = [styled("bold", "Next"), `   ${clean(next)}`];
  for (const line of painted([...lines, nextLine], stdout)) stdout.write(`${line}\n`);
}

import type { Run } from "@unitrain/core";
import { agreed } from "../agreed.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { TrainFlags } from "../flags.ts";
import { followRun } from "../follow-run.ts";
import { makePlan } from "../make-plan.ts";
import { clean } from "../render/clean.ts";
import { widthOf } from "../render/line.ts";
import { planLines } from "../render/plan.ts";
import { leavingHint } from "../render/talk.ts";
import { openScreen } from "../screen/screen.ts";
import { interruptsOnScreen } from "../signals/on-screen.ts";
import type { Surroundings } from "../surroundings.ts";
import { printPlan } from "./plan.ts";

/** Plans, starts, shows, and brings home; leaves the run to itself when it is told to. */
export async function train(
  words: readonly string[],
  flags: TrainFlags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const json = flags.json === true;
  let run: Run | undefined;
  const screen = await openScreen(surroundings, {
    json,
    leaving: () => (run === undefined ? "" : leavingHint(run, interrupts.first())),
  });
  const interrupts = interruptsOnScreen(screen, surroundings, json);
  const say = (message: string) => screen.say([[clean(message)]]);
  try {
    const { unitrain, plan } = await makePlan(words, flags, interrupts.signal, say, surroundings);
    if (flags.dryRun === true) {
      printPlan(plan, flags, surroundings);
      return exitCodes.done;
    }
    if (!json)
      screen.say([...planLines(plan, surroundings.folder, widthOf(surroundings.stderr), flags.verbose), []]);
    if (!(await agreed(plan, flags, surroundings))) return exitCodes.interrupted;
    run = await unitrain.start(plan);
    interrupts.holds(run, () => screen.view.jobBegun);
    const detaching = flags.detach === true ? { detaches: true, asked: run.detach() } : {};
    return await followRun(run, { screen, interrupts, json, ...detaching }, surroundings);
  } finally {
    screen.close();
    interrupts.close();
  }
}

import type { ExitCode } from "../exit-code.ts";
import { attachTo } from "../find-run.ts";
import type { Flags } from "../flags.ts";
import { followRun } from "../follow-run.ts";
import { clean } from "../render/clean.ts";
import { widthOf } from "../render/line.ts";
import { planLines } from "../render/plan.ts";
import { leavingHint } from "../render/talk.ts";
import { openScreen } from "../screen/screen.ts";
import { interruptsOnScreen } from "../signals/on-screen.ts";
import type { Surroundings } from "../surroundings.ts";

/** Goes on with a run where the last process left it, or watches while another looks after it. */
export async function attach(
  name: string | undefined,
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const json = flags.json === true;
  const runs = await (await surroundings.engine()).runs();
  const run = await attachTo(runs, name, surroundings.env);
  const screen = await openScreen(surroundings, {
    json,
    leaving: () => leavingHint(run, interrupts.first()),
  });
  const interrupts = interruptsOnScreen(screen, surroundings, json);
  try {
    interrupts.holds(run, () => screen.view.jobBegun);
    if (!json) {
      const { folder, stderr } = surroundings;
      const watching =
        run.role === "follower"
          ? [[`${clean(run.name)} is looked after by another process; this one watches.`]]
          : [];
      screen.say([...planLines(run.plan, { folder, width: widthOf(stderr) }), ...watching, []]);
    }
    return await followRun(run, { screen, interrupts, json }, surroundings);
  } finally {
    screen.close();
    interrupts.close();
  }
}

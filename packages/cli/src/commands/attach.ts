import type { Run, Runs } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import type { ExitCode } from "../context/exit-code.ts";
import { attachTo, findRun } from "../runs/find-run.ts";
import { followRun } from "../runs/follow-run.ts";
import type { Flags } from "../settings/flags.ts";
import { settingsOutsideTraining } from "../settings/settings-outside-training.ts";
import { describeNextInterrupt } from "../signals/interrupt-text.ts";
import { createRunSituation, showInterrupts } from "../signals/on-screen.ts";
import { describeDriverProcess } from "../terminal/render/driver-name.ts";
import { measureWidth, wrapText } from "../terminal/render/line.ts";
import { renderPlan } from "../terminal/render/plan.ts";
import { openScreen } from "../terminal/screen/open-screen.ts";

/** Continues a run where the last process left it, or watches it while another process drives it. */
export async function attach(name: string | undefined, flags: Flags, context: CliContext): Promise<ExitCode> {
  const json = flags.json === true;
  const runs = await (await context.engine()).runs();
  const run = await attachTo(runs, await findRun(runs, name), context, flags.input !== false);
  const screen = await openScreen(context, {
    json,
    interruptHint: () => describeNextInterrupt(run, screen.view, interrupts.next()),
  });
  const interrupts = showInterrupts(screen, context, { json, input: flags.input });
  try {
    interrupts.holds(run, createRunSituation(run, screen.view));
    if (!json) {
      const { folder, stderr } = context;
      const width = measureWidth(stderr);
      const words = run.role === "follower" ? wrapText(await describeDriver(runs, run), width) : [];
      const watching = words.map((line) => [line]);
      screen.print([...renderPlan(run.plan, { folder, width, settingsOutsideTraining }), ...watching, []]);
    }
    return await followRun(run, { screen, interrupts, json }, context);
  } finally {
    screen.close();
    interrupts.close();
  }
}

/** Returns the first line for a follower: which process drives the run, and that Ctrl-C does not affect it. */
async function describeDriver(runs: Runs, { id, name }: Run): Promise<string> {
  const summary = await runs.find(id);
  if (summary.controller === undefined) return `${name} is over; this is how it went.`;
  const driver = describeDriverProcess(summary.controller, summary.guarded === true);
  return `${name} is driven by ${driver}; this process only watches, and Ctrl-C stops only the watching.`;
}

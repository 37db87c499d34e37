import type { RunSummary } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import type { Flags } from "../settings/flags.ts";
import { parseSince } from "../settings/parse-since.ts";
import { settingsOutsideTraining } from "../settings/settings-outside-training.ts";
import { renderLeases } from "../terminal/render/lease-lines.ts";
import { measureWidth } from "../terminal/render/line.ts";
import { renderRuns } from "../terminal/render/runs-table.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

/** Lists the active runs and those that are over, newest first. */
export async function runs(flags: Flags, context: CliContext): Promise<ExitCode> {
  const { engine, stdout, stderr, now } = context;
  const since = flags.since === undefined ? undefined : parseSince(flags.since, now());
  const ofComputer = await (await engine()).runs();
  const all = await ofComputer.runs();
  const chosen = all.filter((run) => isChosen(run, flags.state, since));
  const shown = chosen.slice(0, flags.limit);
  if (flags.json === true) writeJson(stdout, shown, 2);
  else if (all.length === 0)
    writeLines(stderr, ["No runs yet. To start one: unitrain train ./pallets epochs=50"]);
  else {
    const width = measureWidth(stdout);
    const recent = flags.all === true || flags.limit !== undefined ? shown : selectRecent(shown);
    writeLines(stdout, renderRuns(recent, width, now(), all, settingsOutsideTraining), width);
    const more = chosen.length - recent.length;
    if (more > 0)
      writeLines(stdout, [
        `${more} more ${more === 1 ? "is" : "are"} over. To list all: unitrain runs --all`,
      ]);
    if (chosen.length === 0) writeLines(stdout, [`None of the ${all.length} runs matches.`]);
  }
  // This goes to stderr even if a program reads the list, so that nobody overlooks what costs money.
  writeLines(stderr, renderLeases(await ofComputer.leases(), measureWidth(stderr), now()));
  return exitCodes.done;
}

/** Leaves out old runs that are over. Others are always kept, because they may cost money. */
function selectRecent(runs: readonly RunSummary[]): readonly RunSummary[] {
  let over = 0;
  return runs.filter((run) => {
    if (run.state !== "over" || run.unreleased.length > 0) return true;
    over += 1;
    return over <= mostOver;
  });
}

const mostOver = 20;

function isChosen(run: RunSummary, states: Flags["state"], since: number | undefined): boolean {
  if (since !== undefined && Date.parse(run.createdAt) < since) return false;
  return states === undefined || states.some((state) => isIn(run, state));
}

/** Returns whether a run has a state, or an outcome if it is over. */
function isIn({ state, outcome }: RunSummary, wanted: string): boolean {
  if (state === wanted) return true;
  if (state !== "over") return false;
  if (wanted === "failed") return outcome === "failed" || outcome === "training-failed";
  return (wanted === "done" && outcome === "completed") || outcome === wanted;
}

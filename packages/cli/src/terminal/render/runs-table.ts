import type { RunSummary } from "@unitrain/core";
import {
  findDecidingFigure,
  formatCount,
  formatDateTime,
  formatMonth,
  formatPhaseName,
  formatTime,
  formatUsd,
} from "@unitrain/view";
import { describeDifferences } from "./differences.ts";
import { type Line, styled, truncateText } from "./line.ts";
import { createSearchHint, describePossibleCost } from "./possible-cost.ts";
import { type Column, type Row, renderTable } from "./table.ts";

/**
 * Renders a table of runs, newest first. Above it are the current cost of this computer's machines and the cost of this month,
 * below it the commands that some runs need.
 */
export function renderRuns(
  runs: readonly RunSummary[],
  width: number,
  now: number,
  all: readonly RunSummary[] = runs,
  settingsOutsideTraining?: ReadonlySet<string>,
): Line[] {
  const differences = describeDifferences(runs, settingsOutsideTraining);
  const differ = [...differences.values()].some((text) => text !== "");
  const costs = runs.some(({ costUsd }) => costUsd !== undefined);
  const ends = runs.some((run) => formatDeadline(run) !== "-");
  const columns: Column[] = [
    { head: "RUN", align: "left" },
    { head: "ON", align: "left", givesWay: 5 },
    { head: "STATE", align: "left" },
    { head: "EPOCH", align: "right" },
    { head: "SCORE", align: "right", givesWay: 3 },
    ...(costs ? [{ head: "COST", align: "right" } as const] : []),
    ...(ends ? [{ head: "UNTIL", align: "right", givesWay: 2 } as const] : []),
    ...(differ ? [{ head: "DIFFERS", align: "left", givesWay: 4, shrinksTo: 12 } as const] : []),
    { head: "STARTED", align: "left", givesWay: 6 },
    { head: "JOB", align: "left", givesWay: 9 },
  ];
  const rows = runs.map((run) =>
    createRow(run, { costs, ends, differs: differ ? (differences.get(run.id) ?? "") : undefined }),
  );
  return [
    ...renderPayment(all, now),
    ...(rows.length === 0 ? [] : renderTable(columns, rows, width)),
    ...runs.flatMap(renderAdvice),
  ];
}

/** Returns a line such as `Paying $6.75/h on 2 machines.  November $41.07, 23 runs`, or none if nothing was ever rented. */
function renderPayment(runs: readonly RunSummary[], now: number): Line[] {
  // An SSH key at a provider costs nothing.
  const held = runs.filter(({ unreleased }) => unreleased.some(({ free }) => free !== true));
  const today = new Date(now);
  const month = runs.filter(({ createdAt, costUsd }) => {
    const began = new Date(createdAt);
    return (
      costUsd !== undefined &&
      began.getMonth() === today.getMonth() &&
      began.getFullYear() === today.getFullYear()
    );
  });
  if (held.length + month.length === 0) return [];
  const sure = held.filter(({ state }) => state !== "release-unconfirmed" && state !== "unreadable");
  const perHour = sumHourlyPrices(sure);
  const perhaps =
    held.length === sure.length ? "" : `, perhaps ${formatUsd(sumHourlyPrices(held) - perHour)}/h more`;
  const spent = month.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
  const name = formatMonth(now);
  const present =
    sure.length === 0
      ? `Paying nothing${perhaps.replace(" more", "")}.`
      : `Paying ${formatUsd(perHour)}/h on ${formatCount(sure.length, "machine")}${perhaps}.`;
  const past = month.length === 0 ? "" : `  ${name} ${formatUsd(spent)}, ${formatCount(month.length, "run")}`;
  return [[held.length === 0 ? present : styled("bold", present), past]];
}

function sumHourlyPrices(runs: readonly RunSummary[]): number {
  return runs.reduce((sum, { priceUsdPerHour = 0 }) => sum + priceUsdPerHour, 0);
}

/** Returns the state of a run for display. */
export function formatState(run: RunSummary): string {
  if (run.state === "release-unconfirmed") return "RELEASE UNCONFIRMED";
  if (run.state === "unreadable") return "UNREADABLE";
  if (run.state === "detached" && isIdle(run)) return "ended, unfetched";
  if (run.state === "detached") return "detached";
  if (run.state === "interrupted") return "interrupted";
  if (run.state === "active") return formatPhaseName(run.phase, run.provider.ownership === "rented");
  return { completed: "done", stopped: "stopped", "training-failed": "training failed", failed: "failed" }[
    run.outcome ?? "failed"
  ];
}

interface ShownColumns {
  readonly costs: boolean;
  readonly ends: boolean;
  /** The settings that differ from those of similar runs. Undefined if no run has any. */
  readonly differs: string | undefined;
}

function createRow(run: RunSummary, { costs, ends, differs }: ShownColumns): Row {
  const score = findDecidingFigure(run.metrics, run.shownMetrics);
  const { epochs, costUsd } = run;
  const until = formatDeadline(run);
  return {
    cells: [
      run.name,
      shortenMachine(run.machine),
      formatState(run),
      epochs === undefined ? "-" : `${epochs.done}${epochs.total === undefined ? "" : `/${epochs.total}`}`,
      score === undefined ? "-" : score.text,
      ...(costs ? [costUsd === undefined ? "-" : formatUsd(costUsd)] : []),
      ...(ends ? [until] : []),
      ...(differs === undefined ? [] : [differs]),
      formatDateTime(run.createdAt),
      run.job,
    ],
    ...(run.state === "release-unconfirmed" || run.state === "unreadable" ? { style: "red" as const } : {}),
  };
}

/** Returns the latest end of a run. `! now` and `! idle` mark runs that cost money without need. */
function formatDeadline(run: RunSummary): string {
  if (run.state === "release-unconfirmed") return "! now";
  if (isIdle(run)) return "! idle";
  if (run.deadline === undefined || run.state === "over") return "-";
  return formatTime(Date.parse(run.deadline.stopAt));
}

/** Returns whether the training is over and no process drives the run, but its machine still costs money. */
function isIdle({ phase, controller, state, unreleased }: RunSummary): boolean {
  if (controller !== undefined || unreleased.length === 0) return false;
  if (state === "release-unconfirmed" || state === "unreadable") return false;
  return state === "interrupted" || ["locate", "download", "teardown"].includes(phase);
}

/** Shortens `H100-1 in sequoia, GPU-Ubuntu.24.04` to the part before the first comma. */
function shortenMachine(machine: string): string {
  return truncateText(machine.split(/[,:(]/)[0]?.replace(" in ", " ").trim() ?? "", 20);
}

function renderAdvice(run: RunSummary): Line[] {
  if (run.state === "unreadable") return renderUnreadableAdvice(run);
  const lines: Line[] = [];
  const addLine = (text: string) => lines.push([styled("yellow", "! "), text]);
  if (run.state === "detached" && isIdle(run))
    addLine(`unitrain attach ${run.name}   its training is over: download the model`);
  else if (run.state === "detached") addLine(`unitrain attach ${run.name}   nobody follows it; this goes on`);
  if (run.state === "interrupted")
    addLine(`unitrain attach ${run.name}   its start was cut off; this goes on`);
  if (run.unreleased.length > 0 && run.controller === undefined)
    addLine(`unitrain gc   releases what ${run.name} may still cost`);
  if (run.problem !== undefined) addLine(`${run.name}: ${run.problem.file}: ${run.problem.message}`);
  if (run.guardianProblem !== undefined)
    addLine(`the guardian cannot look after ${run.name}, and tries again: ${run.guardianProblem}`);
  return lines;
}

/** Renders the damaged file, the possible cost, and how to search for it. */
function renderUnreadableAdvice(run: RunSummary): Line[] {
  const { name, problem, provider, priceUsdPerHour, unreleased } = run;
  const red = (text: string): Line => [styled("red", "! "), text];
  const lines = problem === undefined ? [] : [red(`${name}: ${problem.file}: ${problem.message}`)];
  if (provider.ownership === "borrowed") return lines;
  return [
    ...lines,
    red(`  ${describePossibleCost({ mayCost: unreleased, priceUsdPerHour })}`),
    red(`  ${createSearchHint(problem, provider.name)}`),
  ];
}

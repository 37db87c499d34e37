import type { RunSummary } from "@unitrain/core";
import { cleanAll } from "./clean.ts";
import { dayAndTime } from "./figures.ts";
import { type Line, styled } from "./line.ts";
import { decidingScore } from "./metrics.ts";
import { phaseName } from "./phase-names.ts";
import { type Row, table } from "./table.ts";

/** Every run in a line, newest first, and below them what should be done about some. */
export function runsTable(given: readonly RunSummary[], width: number): Line[] {
  const runs = cleanAll(given);
  const columns = [
    { head: "RUN", align: "left" },
    { head: "STATE", align: "left" },
    { head: "EPOCH", align: "right" },
    { head: "SCORE", align: "right", givesWay: 3 },
    { head: "STARTED", align: "left", givesWay: 4 },
    { head: "ON", align: "left", givesWay: 6 },
    { head: "JOB", align: "left", givesWay: 9 },
  ] as const;
  return [...table(columns, runs.map(rowOf), width), ...runs.flatMap(advice)];
}

/** Where a run stands, in a person's words. */
export function stateOf(run: RunSummary): string {
  if (run.state === "release-unconfirmed") return "RELEASE UNSURE";
  if (run.state === "detached") return "left to itself";
  if (run.state === "interrupted") return "interrupted";
  if (run.state === "active") return phaseName(run.phase);
  return { completed: "done", stopped: "stopped", "training-failed": "training failed", failed: "failed" }[
    run.outcome ?? "failed"
  ];
}

function rowOf(run: RunSummary): Row {
  const score = decidingScore(run.metrics);
  const epochs = run.epochs;
  return {
    cells: [
      run.name,
      stateOf(run),
      epochs === undefined ? "-" : `${epochs.done}${epochs.total === undefined ? "" : `/${epochs.total}`}`,
      score === undefined ? "-" : score.text,
      dayAndTime(run.createdAt),
      run.machine,
      run.job,
    ],
    ...(run.state === "release-unconfirmed" ? { style: "red" as const } : {}),
  };
}

function advice(run: RunSummary): Line[] {
  const lines: Line[] = [];
  const say = (text: string) => lines.push([styled("yellow", "! "), text]);
  if (run.state === "detached") say(`unitrain attach ${run.name}   nobody follows it; this goes on`);
  if (run.state === "interrupted") say(`unitrain attach ${run.name}   its start was cut off; this goes on`);
  if (run.unreleased.length > 0 && run.controller === undefined)
    say(`unitrain gc   gives back what ${run.name} may still cost`);
  if (run.damaged !== undefined) say(`${run.name}: ${run.damaged}`);
  return lines;
}

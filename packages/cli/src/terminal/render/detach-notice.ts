import type { Run } from "@unitrain/core";
import { formatDuration, formatPosition, formatTime, type RunView } from "@unitrain/view";
import { type Line, styled, withLabel } from "./line.ts";

/** Renders the commands for a run that continues without this process. */
export function renderDetachNotice(
  run: Pick<Run, "name" | "role" | "plan">,
  view: RunView,
  columns: number,
): Line[] {
  const { name } = run;
  const { progress } = view;
  const location =
    progress === undefined
      ? ""
      : `: ${formatPosition(progress)}${progress.secondsLeft === undefined || progress.secondsLeft < 1 ? "" : `, about ${formatDuration(progress.secondsLeft)} left`}`;
  const rented = run.plan.provider.ownership === "rented";
  const until =
    view.deadline === undefined
      ? ""
      : `, until ${formatTime(Date.parse(view.deadline.stopAt))} at the latest`;
  const driver = rented && run.role === "controller" ? `The guardian drives it${until}.` : "";
  const isOver = view.jobEndedAt !== undefined;
  const words: readonly (readonly [string, string])[] = isOver
    ? [[`unitrain attach ${name}`, rented ? "watch the download" : "download the rest, and clean up"]]
    : [
        [`unitrain attach ${name}`, "watch it, and download the model at its end"],
        [`unitrain stop ${name}`, "stop it now, and download the best model so far"],
      ];
  const width = Math.max(...words.map(([command]) => command.length)) + 5;
  return [
    isOver
      ? [
          "The training of ",
          styled("bold", name),
          ` is over${rented ? "." : "; the other files stay on the machine."}`,
        ]
      : [styled("bold", name), ` continues without this process${location}.`],
    ...(driver === "" ? [] : [[driver]]),
    ...words.flatMap(([command, meaning]) => withLabel(`  ${command}`, meaning, width, columns)),
  ];
}

import type { Run } from "@unitrain/core";
import type { Answer } from "../signals/table.ts";
import { clean } from "./clean.ts";
import { clockTime, duration } from "./figures.ts";
import { type Line, labelled, styled } from "./line.ts";
import { isGuarded, type RunView } from "./run-view.ts";

/** What the user can type about a run that goes on without this process. */
export function goodbyeLines(
  run: Pick<Run, "name" | "role" | "plan">,
  view: RunView,
  columns: number,
): Line[] {
  const name = clean(run.name);
  const { progress } = view;
  const where =
    progress === undefined
      ? ""
      : `: ${progress.unit} ${progress.done}${progress.total === undefined ? "" : `/${progress.total}`}${progress.secondsLeft === undefined || progress.secondsLeft < 1 ? "" : `, about ${duration(progress.secondsLeft)} left`}`;
  const rented = run.plan.provider.ownership === "rented";
  const until =
    view.deadline === undefined ? "" : `, until ${clockTime(Date.parse(view.deadline.stopAt))} at the latest`;
  const driver = rented && run.role === "controller" ? `The guardian drives it${until}.` : "";
  const words: readonly (readonly [string, string])[] = [
    [`unitrain attach ${name}`, "watch it, and bring its model home at the end"],
    [`unitrain stop ${name}`, "end it now, and bring the best model so far home"],
  ];
  const width = Math.max(...words.map(([command]) => command.length)) + 5;
  return [
    [styled("bold", name), ` goes on by itself${where}.`],
    ...(driver === "" ? [] : [[driver]]),
    ...words.flatMap(([command, meaning]) => labelled(`  ${command}`, meaning, width, columns)),
  ];
}

/** What is being done about Ctrl-C and its like, said before it is done. */
export function answerLines(
  answer: Answer,
  run: Pick<Run, "name" | "plan" | "jobRuns"> | undefined,
  last: boolean,
  width: number,
): Line[] {
  const name = clean(run?.name ?? "");
  const rented = run?.plan.provider.ownership === "rented";
  const back = rented ? "giving the machine back" : "tidying up";
  const line = {
    "give up": "Stopped before anything was started.",
    stop:
      rented && run?.jobRuns === true
        ? `Stopping ${name}, bringing its model home and giving the machine back. Once more: ${last ? "leave it to the guardian" : "quicker"}.`
        : `Stopping ${name} and ${back}. Once more: without waiting.`,
    "stop at once": `Stopping ${name} at once. Once more: ${rented ? "leave it to the guardian" : "leave everything as it is"}.`,
    discard: `Giving the machine of ${name} back at once. Once more: leave that to the guardian.`,
    detach: "",
    ask: "",
    leave: "",
    exit: run === undefined ? "" : exitText(name, rented),
    "go on": "",
  }[answer];
  return line === "" ? [] : labelled(styled("yellow", "!"), line, 2, width);
}

function exitText(name: string, rented: boolean): string {
  return rented
    ? `Left. What ${name} rented may still cost: the guardian gives it back. See to it yourself: unitrain gc`
    : `Left as it is. "unitrain attach ${name}" goes on with it, "unitrain stop ${name}" ends it.`;
}

/** The last line of a screen that is redrawn: what Ctrl-C would do now. */
export function leavingHint(
  run: Pick<Run, "name" | "role" | "jobRuns" | "plan">,
  view: RunView,
  answered: Answer | undefined,
): string {
  const name = clean(run.name);
  if (answered === "stop") return "Ctrl-C: stop without waiting";
  if (answered !== undefined) return "";
  if (run.role === "follower") return "Ctrl-C: stop watching; another process looks after it";
  if (run.plan.provider.ownership === "rented") return rentedHint(run, view);
  return run.jobRuns
    ? `Ctrl-C: leave it running; unitrain attach ${name} comes back`
    : "Ctrl-C: stop and tidy up";
}

/** What a Ctrl-C on a machine that costs would do. */
function rentedHint({ jobRuns }: Pick<Run, "jobRuns">, view: RunView): string {
  if (jobRuns)
    return isGuarded(view)
      ? "Ctrl-C: detach (default), stop and bring home, or discard"
      : "Ctrl-C: stop and bring home (default), or discard";
  return view.jobBegun
    ? "Ctrl-C twice: leave the rest to the guardian"
    : "Ctrl-C: give everything back, train nothing";
}

import type { Run } from "@unitrain/core";
import type { Answer } from "../signals/table.ts";
import { clean } from "./clean.ts";
import { duration } from "./figures.ts";
import { type Line, labelled, styled } from "./line.ts";
import type { RunView } from "./run-view.ts";

/** What the user can type about a run that goes on without this process. */
export function goodbyeLines(run: Pick<Run, "name" | "role">, view: RunView, columns: number): Line[] {
  const name = clean(run.name);
  const { progress } = view;
  const where =
    progress === undefined
      ? ""
      : `: ${progress.unit} ${progress.done}${progress.total === undefined ? "" : `/${progress.total}`}${progress.secondsLeft === undefined || progress.secondsLeft < 1 ? "" : `, about ${duration(progress.secondsLeft)} left`}`;
  const words: readonly (readonly [string, string])[] = [
    [`unitrain attach ${name}`, "watch it, and bring its model home at the end"],
    [`unitrain stop ${name}`, "end it now, and bring the best model so far home"],
  ];
  const width = Math.max(...words.map(([command]) => command.length)) + 5;
  return [
    [styled("bold", name), ` goes on by itself${where}.`],
    ...words.flatMap(([command, meaning]) => labelled(`  ${command}`, meaning, width, columns)),
  ];
}

/** What is being done about Ctrl-C and its like, said before it is done. */
export function answerLines(answer: Answer, run: Pick<Run, "name"> | undefined): Line[] {
  const name = clean(run?.name ?? "");
  const line = {
    "give up": "Stopped before anything was started.",
    stop: `Stopping ${name} and tidying up. Once more: without waiting.`,
    "stop at once": `Stopping ${name} at once. Once more: leave everything as it is.`,
    detach: "",
    leave: "",
    exit:
      run === undefined
        ? ""
        : `Left as it is. "unitrain attach ${name}" goes on with it, "unitrain stop ${name}" ends it.`,
    "go on": "",
  }[answer];
  return line === "" ? [] : [[styled("yellow", "! "), line]];
}

/** The last line of a screen that is redrawn: what Ctrl-C would do now. */
export function leavingHint(
  run: Pick<Run, "name" | "role" | "jobRuns">,
  answered: Answer | undefined,
): string {
  const name = clean(run.name);
  if (answered === "stop") return "Ctrl-C: stop without waiting";
  if (answered !== undefined) return "";
  if (run.role === "follower") return "Ctrl-C: stop watching; another process looks after it";
  return run.jobRuns
    ? `Ctrl-C: leave it running; unitrain attach ${name} comes back`
    : "Ctrl-C: stop and tidy up";
}

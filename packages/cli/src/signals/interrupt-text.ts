import type { Run } from "@unitrain/core";
import { isGuarded, type RunView } from "@unitrain/view";
import { type Line, styled, withLabel } from "../terminal/render/line.ts";
import type { InterruptAction } from "./table.ts";

/** Returns lines that say what a signal causes. They are shown before it is done. */
export function renderInterruptAction(
  answer: InterruptAction,
  run: Pick<Run, "name" | "plan" | "isJobRunning"> | undefined,
  last: boolean,
  width: number,
): Line[] {
  const name = run?.name ?? "";
  const rented = run?.plan.provider.ownership === "rented";
  const line = {
    "give up": "Stopped before anything was started.",
    stop: describeStop(name, { rented, isJobRunning: run?.isJobRunning === true, last }),
    "stop at once": `Stopping ${name} at once. Once more: ${rented ? "leave it to the guardian" : "leave everything as it is"}.`,
    discard: `Releasing the machine of ${name} at once. Once more: leave that to the guardian.`,
    detach: "",
    ask: "",
    leave: "",
    exit: run === undefined ? "" : describeExit(name, rented),
    "go on": "",
  }[answer];
  return line === "" ? [] : withLabel(styled("yellow", "!"), line, 2, width);
}

function describeStop(
  name: string,
  {
    rented,
    isJobRunning,
    last,
  }: { readonly rented: boolean; readonly isJobRunning: boolean; readonly last: boolean },
): string {
  if (!rented) return `Stopping ${name} and cleaning up. Once more: without waiting.`;
  if (isJobRunning)
    return `Stopping ${name}, downloading its model and releasing the machine. Once more: ${last ? "leave it to the guardian" : "quicker"}.`;
  // Only a run whose training is over cannot be stopped more quickly.
  return last
    ? `The training of ${name} is over: downloading its model and releasing the machine. Once more: leave that to the guardian.`
    : `Stopping ${name} and releasing the machine. Once more: without waiting.`;
}

function describeExit(name: string, rented: boolean): string {
  return rented
    ? `Left. What ${name} rented may still cost: the guardian releases it. See to it yourself: unitrain gc`
    : `Left as it is. "unitrain attach ${name}" goes on with it, "unitrain stop ${name}" ends it.`;
}

/** Returns the last line of a screen that is redrawn. It says what Ctrl-C would do now. */
export function describeNextInterrupt(
  run: Pick<Run, "name" | "isJobRunning" | "plan">,
  view: RunView,
  next: InterruptAction,
): string {
  const { name } = run;
  const isRunOrPreparing = run.isJobRunning || !view.hasJobBegun;
  const isPaid = run.plan.provider.ownership === "rented";
  const hints: Partial<Record<InterruptAction, string>> = {
    leave: "Ctrl-C: stop watching; another process looks after it",
    ask: isGuarded(view)
      ? "Ctrl-C: detach (default), stop and download, or terminate"
      : "Ctrl-C: stop and download (default), or terminate",
    detach: isRunOrPreparing
      ? `Ctrl-C: leave it running; unitrain attach ${name} comes back`
      : `Ctrl-C: leave the rest there; unitrain attach ${name} downloads it`,
    stop: isPaid ? hintAtStop(isRunOrPreparing, view) : "Ctrl-C: stop and clean up",
    "stop at once": "Ctrl-C: stop without waiting",
    exit: isPaid ? hintAtExit(view) : "Ctrl-C: leave at once, as it is",
  };
  return hints[next] ?? "";
}

function hintAtStop(isRunOrPreparing: boolean, view: RunView): string {
  if (!isRunOrPreparing) return `Ctrl-C twice: ${describeHandover(view)}`;
  return view.hasJobBegun
    ? "Ctrl-C: stop, download and release"
    : "Ctrl-C: release everything, train nothing";
}

const hintAtExit = (view: RunView): string => `Ctrl-C: ${describeHandover(view)}`;

const describeHandover = (view: RunView): string =>
  isGuarded(view) ? "leave the rest to the guardian" : "leave at once; the machine goes on costing";

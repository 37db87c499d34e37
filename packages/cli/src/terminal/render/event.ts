import type { RunEvent } from "@unitrain/core";
import {
  describePhase,
  formatDuration,
  isRented,
  listLosses,
  listScores,
  type RunView,
} from "@unitrain/view";
import { formatHint } from "./hint.ts";
import { type Line, type Piece, styled, withLabel } from "./line.ts";
import { formatPhaseStart } from "./phase-start.ts";

type EndedPhase = Extract<RunEvent, { readonly type: "phase"; readonly seconds: number }>;

/** Renders the lines that stay on the screen after an event, such as the end of a phase or a warning. Most events have none. */
export function renderEvent(event: RunEvent, view: RunView, width: number): Line[] {
  switch (event.type) {
    case "phase":
      return event.state === "started" ? [] : renderEndedPhase(event, view, width);
    case "warning": {
      const hint = formatHint(event);
      return [
        ...renderNote(event.message, width),
        ...(hint === undefined ? [] : withLabel("", hint, 2, width)),
      ];
    }
    case "connection":
      return event.state === "lost"
        ? renderNote(`connection lost, reconnecting: ${event.detail}`, width)
        : withSign(styled("green", "+"), `connection restored: ${event.detail}`, width);
    case "job":
      return event.state === "lost" || event.state === "rebooted"
        ? renderNote(`the training is lost: ${event.detail}`, width)
        : [];
    default:
      return [];
  }
}

/** Formats a complete epoch in a line for output that cannot be redrawn. It usually fits in 80 columns. */
export function formatEpoch(
  event: Extract<RunEvent, { readonly type: "progress" }>,
  { plan }: Pick<RunView, "plan">,
): string {
  const { unit, done, total, metrics, secondsLeft = 0 } = event;
  const join = (figures: readonly { label: string; text: string }[]) =>
    figures.map(({ label, text }) => `${label} ${text}`).join(" ");
  const number =
    total === undefined ? String(done) : `${String(done).padStart(String(total).length)}/${total}`;
  const remainingTime = secondsLeft < 0.5 ? "" : `${formatDuration(secondsLeft)} left`;
  const parts = [
    `${unit} ${number}`,
    join(listLosses(metrics, plan?.metrics)),
    join(listScores(metrics, plan?.metrics)),
    remainingTime,
  ];
  return parts.filter((part) => part !== "").join("  ");
}

/** Phases that are too short to be shown unless they fail. */
const quiet = new Set(["plan", "start", "locate"]);

function renderEndedPhase(event: EndedPhase, view: RunView, width: number): Line[] {
  const exitCode = event.phase === "train" ? (view.jobExitCode ?? 0) : 0;
  const failed = event.state === "failed" || exitCode !== 0;
  const seconds = view.phaseSeconds.get(event.phase) ?? event.seconds;
  const stopped = view.isLimitReached ? "stopped by its limit" : "stopped";
  const fault = view.isStopping ? stopped : exitCode === 0 ? "failed" : `failed with exit code ${exitCode}`;
  const detail = event.detail ?? (failed ? fault : describePhase(view, event.phase, seconds));
  const noteInPassing = seconds < 0.05 || (event.phase === "lease" && !isRented(view));
  if (!failed && (quiet.has(event.phase) || (noteInPassing && detail === ""))) return [];
  const sign = failed
    ? view.isStopping
      ? styled("yellow", "- ")
      : styled("red", "x ")
    : styled("green", "+ ");
  const beginning = formatPhaseStart(event.phase, isRented(view), seconds);
  return withLabel(beginning, detail, 21, width - 2).map(
    (line, index): Line => [index > 0 ? "  " : sign, ...line],
  );
}

function renderNote(message: string, width: number): Line[] {
  return withSign(styled("yellow", "!"), message, width);
}

function withSign(sign: Piece, message: string, width: number): Line[] {
  return withLabel(sign, message, 2, width);
}

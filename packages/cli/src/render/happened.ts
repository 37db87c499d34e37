import type { RunEvent } from "@unitrain/core";
import { counted, duration, size } from "./figures.ts";
import { type Line, labelled, type Piece, padded, styled } from "./line.ts";
import { lossesIn, scoresIn } from "./metrics.ts";
import { phaseName, phaseNameWidth } from "./phase-names.ts";
import type { RunView } from "./run-view.ts";

type PhaseOver = Extract<RunEvent, { readonly type: "phase"; readonly seconds: number }>;

/** The lines that stay on the screen once something has happened: a phase is over, something is wrong. None for most events. */
export function happened(event: RunEvent, view: RunView, width: number): Line[] {
  switch (event.type) {
    case "phase":
      return event.state === "started" ? [] : phaseOver(event, view, width);
    case "warning":
      return [
        ...note(event.message, width),
        ...(event.hint === undefined ? [] : labelled("", event.hint, 2, width)),
      ];
    case "connection":
      return event.state === "lost"
        ? note(`connection lost, trying again: ${event.detail}`, width)
        : mark(styled("green", "+"), `connection is back: ${event.detail}`, width);
    case "job":
      return event.state === "lost" || event.state === "rebooted"
        ? note(`the training is gone: ${event.detail}`, width)
        : [];
    default:
      return [];
  }
}

/** One complete epoch in a line, where the screen cannot be redrawn. Fits in 80 columns as a rule. */
export function epochLine(event: Extract<RunEvent, { readonly type: "progress" }>): string {
  const { unit, done, total, metrics, secondsLeft = 0 } = event;
  const together = (figures: readonly { label: string; text: string }[]) =>
    figures.map(({ label, text }) => `${label} ${text}`).join(" ");
  const number =
    total === undefined ? String(done) : `${String(done).padStart(String(total).length)}/${total}`;
  const left = secondsLeft < 0.5 ? "" : `${duration(secondsLeft)} left`;
  const parts = [`${unit} ${number}`, together(lossesIn(metrics)), together(scoresIn(metrics)), left];
  return parts.filter((part) => part !== "").join("  ");
}

/** `4.1 s/epoch`, `38 s/epoch`, `2m31s/epoch`. */
export function perEpoch(seconds: number, unit: string): string {
  if (seconds >= 99.5) return `${duration(seconds)}/${unit}`;
  return `${seconds < 9.95 ? seconds.toPrecision(2) : Math.round(seconds)} s/${unit}`;
}

/** Phases so small that they are shown only when they fail. */
const quiet = new Set(["plan", "start", "locate"]);

function phaseOver(event: PhaseOver, view: RunView, width: number): Line[] {
  const exitCode = event.phase === "train" ? (view.jobExitCode ?? 0) : 0;
  const failed = event.state === "failed" || exitCode !== 0;
  const fault = view.stopping ? "stopped" : exitCode === 0 ? "failed" : `failed with exit code ${exitCode}`;
  const detail = event.detail ?? (failed ? fault : detailFrom(event, view));
  if (!failed && (quiet.has(event.phase) || (event.seconds < 0.05 && detail === ""))) return [];
  const sign = failed
    ? view.stopping
      ? styled("yellow", "- ")
      : styled("red", "x ")
    : styled("green", "+ ");
  const beginning = `${padded(phaseName(event.phase), phaseNameWidth)} ${padded(duration(event.seconds), 7, "right")}`;
  return labelled(beginning, detail, 21, width - 2).map(
    (line, index): Line => [index > 0 ? "  " : sign, ...line],
  );
}

/** What a phase's own event says, where the engine adds no detail of its own. */
function detailFrom({ phase }: PhaseOver, view: RunView): string {
  if (phase === "connect" && view.machine !== undefined) {
    const { hostname, cpus, gpus } = view.machine;
    const graphics = gpus.length === 0 ? "no GPU" : gpus.map((gpu) => gpu.name).join(", ");
    return `${hostname}, ${counted(cpus, "CPU")}, ${graphics}`;
  }
  if (phase === "ship" && view.shipped !== undefined) {
    const { sentBytes, reusedBytes } = view.shipped;
    if (sentBytes === 0) return `${size(reusedBytes)}, all of it there already`;
    return `${size(sentBytes)} copied${reusedBytes === 0 ? "" : `, ${size(reusedBytes)} there already`}`;
  }
  if (phase === "environment" && view.environment !== undefined) {
    return view.environment.found === "already" ? "was there already" : "installed";
  }
  if (phase === "train" && view.progress !== undefined) return counted(view.epochs.size, view.progress.unit);
  if (phase === "download" && view.artifacts.size > 0) {
    const bytes = [...view.artifacts.values()].reduce((sum, file) => sum + file.sizeBytes, 0);
    return `${counted(view.artifacts.size, "file")}, ${size(bytes)}, every sha256 equal`;
  }
  return "";
}

function note(message: string, width: number): Line[] {
  return mark(styled("yellow", "!"), message, width);
}

function mark(sign: Piece, message: string, width: number): Line[] {
  return labelled(sign, message, 2, width);
}

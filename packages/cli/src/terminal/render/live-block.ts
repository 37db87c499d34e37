import type { Phase } from "@unitrain/core";
import {
  calculateShareDone,
  describeCosts,
  estimateEnd,
  findBestEpoch,
  formatBytes,
  formatDuration,
  formatPace,
  formatPercent,
  formatPosition,
  formatTime,
  getLastMetrics,
  isRented,
  listLosses,
  listScores,
  type RunView,
} from "@unitrain/view";
import { joinFitting, type Line, styled } from "./line.ts";
import { formatPhaseStart } from "./phase-start.ts";

/** Renders the current state, which is redrawn in place: a line for each active phase, and several for the training. */
export function renderLiveBlock(view: RunView, now: number, width: number, interruptHint: string): Line[] {
  const lines: Line[] = [];
  for (const [phase, { since, message }] of view.active) {
    if (phase === "train" && view.progress !== undefined) lines.push(...renderTraining(view, now, width));
    else if (!hiddenPhases.has(phase))
      lines.push(
        renderPhase(phase, (now - since) / 1000, message ?? firstMessages[phase] ?? "", view, width),
      );
  }
  const money = lines.length === 0 ? "" : joinFitting(describeCosts(view, now), width - 2, "   ");
  if (money !== "") lines.push(["  ", money]);
  if (lines.length > 0 && isRented(view) && view.guardian?.state === "missing")
    lines.push([styled("yellow", "! "), "no guardian: this process must keep running until the end"]);
  if (view.connectionLost !== undefined)
    lines.push([styled("yellow", "! "), `no connection: ${view.connectionLost}`]);
  if (lines.length > 0 && interruptHint !== "") lines.push([styled("dim", `  ${interruptHint}`)]);
  return lines;
}

/** Draws a progress bar such as `[#######...............]` for a share from 0 to 1. */
export function drawBar(share: number, width: number): string {
  const full = Math.max(0, Math.min(width, Math.round(share * width)));
  return `[${"#".repeat(full)}${".".repeat(width - full)}]`;
}

/** The message of a phase until it reports its own. */
const firstMessages: Partial<Record<Phase, string>> = {
  lease: "asking for a machine",
  connect: "connecting",
  environment: "checking for an existing environment",
  train: "starting",
  download: "finding the model",
};

/** Phases that are too short to be read. */
const hiddenPhases = new Set<Phase>(["plan", "start", "locate"]);

function renderPhase(phase: Phase, seconds: number, message: string, view: RunView, width: number): Line {
  const beginning = formatPhaseStart(phase, isRented(view), Math.floor(Math.max(0, seconds)));
  const room = width - beginning.length - 4;
  return [styled("cyan", "> "), `${beginning}  ${formatTransfer(phase, view, room) ?? message}`];
}

function formatTransfer(phase: Phase, view: RunView, room: number): string | undefined {
  if (phase === "ship" && view.ship !== undefined && view.ship.totalBytes > 0) {
    return formatShare(view.ship.bytes, view.ship.totalBytes, room);
  }
  if (phase === "download" && view.download !== undefined && view.download.totalBytes > 0) {
    const name = view.download.path.split("/").at(-1) ?? "";
    return joinFitting([formatShare(view.download.bytes, view.download.totalBytes, room), name], room);
  }
  return undefined;
}

function formatShare(bytes: number, totalBytes: number, room: number): string {
  const part = Math.min(1, bytes / totalBytes);
  const figures = [`${formatPercent(part)}`, `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`];
  return joinFitting(room >= 50 ? [drawBar(part, 22), ...figures] : figures, room);
}

function renderTraining(view: RunView, now: number, width: number): Line[] {
  const { progress } = view;
  if (progress === undefined) return [];
  const rest = width - 2;
  const shown = view.plan?.metrics;
  const losses = formatFigures(listLosses(progress.metrics, shown), listLosses(getLastMetrics(view), shown));
  const scores = listScores(getLastMetrics(view), shown).map((figure) => `${figure.label} ${figure.text}`);
  const best = findBestEpoch(view);
  return [
    [styled("cyan", "> "), { text: describePosition(view, rest), style: "bold" as const }],
    ...indentLines([
      ...putSideBySide(
        losses.join("  "),
        joinFitting([scores.join("  "), best === undefined ? "" : `(best: ${best.epoch})`], rest, " "),
        rest,
      ),
      describePace(view, now, rest),
    ]),
  ];
}

function describePosition(view: RunView, width: number): string {
  const { progress } = view;
  if (progress === undefined) return "";
  const epoch = formatPosition(progress);
  const batch = progress.batch === undefined ? "" : `batch ${progress.batch.done}/${progress.batch.total}`;
  const memory = progress.gpuMemoryBytes ? `GPU ${formatBytes(progress.gpuMemoryBytes)}` : "";
  const done = calculateShareDone(progress);
  if (done === undefined) return joinFitting([epoch, batch, memory], width);
  const barWidth = Math.min(40, width - epoch.length - 30);
  const parts =
    barWidth < 8
      ? [epoch, formatPercent(done)]
      : [epoch, `${drawBar(done, barWidth)} ${formatPercent(done)}`];
  return joinFitting([...parts, batch, memory], width);
}

/** Returns the speed and the remaining time, which counts down between two events. */
function describePace(view: RunView, now: number, width: number): string {
  const { progress, deadline } = view;
  if (progress === undefined) return "";
  const parts: string[] = [];
  const limit =
    deadline === undefined || isRented(view) ? "" : `stops at ${formatTime(Date.parse(deadline.stopAt))}`;
  const home =
    view.modelDownloadedAt === undefined
      ? ""
      : `model downloaded ${formatDuration(Math.max(0, (now - view.modelDownloadedAt) / 1000))} ago`;
  if (progress.secondsPerEpoch !== undefined) parts.push(formatPace(progress.secondsPerEpoch, progress.unit));
  const endsAt = estimateEnd(progress);
  if (endsAt !== undefined) {
    const remainingSeconds = Math.max(0, (endsAt - now) / 1000);
    if (remainingSeconds < 0.5) return joinFitting([...parts, "nearly done"], width, "   ");
    parts.push(`${formatDuration(Math.round(remainingSeconds))} left, ends ${formatTime(endsAt)}`);
  }
  return joinFitting([...parts, limit, home], width, "   ");
}

function formatFigures(now: ReturnType<typeof listLosses>, before: ReturnType<typeof listLosses>): string[] {
  return (now.length > 0 ? now : before).map((figure) => `${figure.label} ${figure.text}`);
}

function putSideBySide(left: string, right: string, width: number): string[] {
  const joined = joinFitting([left, right], width, "   ");
  return joined.endsWith(right) ? [joined] : [left, right];
}

function indentLines(texts: readonly string[]): Line[] {
  return texts.filter((text) => text !== "").map((text) => ["  ", text]);
}

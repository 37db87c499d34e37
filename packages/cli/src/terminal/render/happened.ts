import type { MachineFacts, RunEvent } from "@unitrain/core";
import { formatBytes, formatUsd } from "@unitrain/core/spec";
import { counted, duration, isRented, lossesIn, type RunView, scoresIn } from "@unitrain/view";
import { hintText } from "./hint.ts";
import { type Line, labelled, type Piece, styled } from "./line.ts";
import { offerName } from "./offers.ts";
import { phaseStart } from "./phase-start.ts";

type PhaseOver = Extract<RunEvent, { readonly type: "phase"; readonly seconds: number }>;

/** The lines that stay on the screen once something has happened: a phase is over, something is wrong. None for most events. */
export function happened(event: RunEvent, view: RunView, width: number): Line[] {
  switch (event.type) {
    case "phase":
      return event.state === "started" ? [] : phaseOver(event, view, width);
    case "warning": {
      const hint = hintText(event);
      return [
        ...noteLines(event.message, width),
        ...(hint === undefined ? [] : labelled("", hint, 2, width)),
      ];
    }
    case "connection":
      return event.state === "lost"
        ? noteLines(`connection lost, trying again: ${event.detail}`, width)
        : mark(styled("green", "+"), `connection is back: ${event.detail}`, width);
    case "job":
      return event.state === "lost" || event.state === "rebooted"
        ? noteLines(`the training is gone: ${event.detail}`, width)
        : [];
    default:
      return [];
  }
}

/** One complete epoch in a line, where the screen cannot be redrawn. Fits in 80 columns as a rule. */
export function epochLine(event: Extract<RunEvent, { readonly type: "progress" }>): string {
  const { unit, done, total, metrics, secondsLeft = 0 } = event;
  const join = (figures: readonly { label: string; text: string }[]) =>
    figures.map(({ label, text }) => `${label} ${text}`).join(" ");
  const number =
    total === undefined ? String(done) : `${String(done).padStart(String(total).length)}/${total}`;
  const remainingTime = secondsLeft < 0.5 ? "" : `${duration(secondsLeft)} left`;
  const parts = [`${unit} ${number}`, join(lossesIn(metrics)), join(scoresIn(metrics)), remainingTime];
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
  const seconds = view.phaseSeconds.get(event.phase) ?? event.seconds;
  const stopped = view.isLimitReached ? "stopped by its limit" : "stopped";
  const fault = view.isStopping ? stopped : exitCode === 0 ? "failed" : `failed with exit code ${exitCode}`;
  const detail = event.detail ?? (failed ? fault : detailFrom({ ...event, seconds }, view));
  const noteInPassing = seconds < 0.05 || (event.phase === "lease" && !isRented(view));
  if (!failed && (quiet.has(event.phase) || (noteInPassing && detail === ""))) return [];
  const sign = failed
    ? view.isStopping
      ? styled("yellow", "- ")
      : styled("red", "x ")
    : styled("green", "+ ");
  const beginning = phaseStart(event.phase, isRented(view), seconds);
  return labelled(beginning, detail, 21, width - 2).map(
    (line, index): Line => [index > 0 ? "  " : sign, ...line],
  );
}

/** What a phase's own event says, where the engine adds no detail of its own. */
function detailFrom({ phase, seconds }: PhaseOver, view: RunView): string {
  if (phase === "lease" && view.plan !== undefined && isRented(view)) {
    const { quote } = view.plan;
    return `${[offerName(quote), quote.region].join(" ").trim()}, ${formatUsd(quote.priceUsdPerHour)}/h`;
  }
  if (phase === "connect" && view.machine !== undefined) return machineLine(view.machine);
  if (phase === "ship" && view.shipped !== undefined) return shippedLine(view, seconds);
  if (phase === "environment" && view.environment !== undefined) {
    const { found, versions = {} } = view.environment;
    return [versionsLine(versions), found === "already" ? "there already" : "installed"]
      .filter(Boolean)
      .join(", ");
  }
  if (phase === "train" && view.progress !== undefined) return counted(view.epochs.size, view.progress.unit);
  if (phase === "download" && view.artifacts.size > 0) {
    const bytes = [...view.artifacts.values()].reduce((sum, file) => sum + file.sizeBytes, 0);
    return `${counted(view.artifacts.size, "file")}, ${formatBytes(bytes)}, every sha256 equal`;
  }
  return "";
}

/** `gpu-box, 8 CPUs, 2 x NVIDIA L4 24 GB, driver 570.172.08`. */
function machineLine({ hostname, cpus, gpus, gpuDriver }: MachineFacts): string {
  const kinds = new Map<string, number>();
  for (const { name, memoryBytes } of gpus) {
    const kind = `${name} ${formatBytes(memoryBytes)}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const graphics = [...kinds].map(([kind, number]) => (number === 1 ? kind : `${number} x ${kind}`));
  return [
    hostname,
    counted(cpus, "CPU"),
    ...(graphics.length === 0 ? ["no GPU"] : graphics),
    ...(gpuDriver === undefined ? [] : [`driver ${gpuDriver}`]),
  ].join(", ");
}

/** `2.1 GB, 10,825 files, 92 Mbit/s`. Every file's digest was compared on the machine: that is part of shipping. */
function shippedLine({ shipped, ship }: RunView, seconds: number): string {
  const { sentBytes = 0, reusedBytes = 0 } = shipped ?? {};
  if (sentBytes === 0) return `${formatBytes(reusedBytes)}, all of it there already`;
  const files = ship === undefined ? [] : [counted(ship.totalFiles, "file")];
  // What took no time at all has no pace.
  const pace = seconds < 0.5 ? [] : [`${Math.round((sentBytes * 8) / seconds / 1e6)} Mbit/s`];
  const rest = reusedBytes === 0 ? ["every sha256 equal"] : [`${formatBytes(reusedBytes)} there already`];
  return [formatBytes(sentBytes), ...files, ...pace, ...rest].join(", ");
}

/** `torch 2.10.0 cu128, ultralytics 8.4.190`; the receipt has the others. */
function versionsLine(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .sort(([a], [b]) => Number(b === "torch") - Number(a === "torch"))
    .slice(0, 2)
    .map(([name, version]) => `${name} ${version.replace("+", " ")}`)
    .join(", ");
}

function noteLines(message: string, width: number): Line[] {
  return mark(styled("yellow", "!"), message, width);
}

function mark(sign: Piece, message: string, width: number): Line[] {
  return labelled(sign, message, 2, width);
}

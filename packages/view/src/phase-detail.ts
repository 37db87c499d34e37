import { formatBitRate, formatBytes, formatCount, formatUsd, type MachineFacts } from "@unitrain/core/spec";
import { formatOfferName } from "./format-offer-name.ts";
import { isRented, type RunView } from "./run-view.ts";

/** Returns what is worth knowing of a phase that has ended well: the machine that was rented, how much was uploaded. Empty for most. */
export function describePhase(view: RunView, phase: string, seconds: number): string {
  if (phase === "lease" && view.plan !== undefined && isRented(view)) {
    const { quote } = view.plan;
    return `${[formatOfferName(quote), quote.region].join(" ").trim()}, ${formatUsd(quote.priceUsdPerHour)}/h`;
  }
  if (phase === "connect" && view.machine !== undefined) return describeMachine(view.machine);
  if (phase === "ship" && view.shipped !== undefined) return describeUpload(view, seconds);
  if (phase === "environment" && view.environment !== undefined) {
    const { found, versions = {} } = view.environment;
    return [describeVersions(versions), found === "already" ? "there already" : "installed"]
      .filter(Boolean)
      .join(", ");
  }
  if (phase === "train" && view.progress !== undefined)
    return formatCount(view.epochs.size, view.progress.unit);
  if (phase === "download" && view.artifacts.size > 0) {
    const bytes = [...view.artifacts.values()].reduce((sum, file) => sum + file.sizeBytes, 0);
    return `${formatCount(view.artifacts.size, "file")}, ${formatBytes(bytes)}, every sha256 equal`;
  }
  return "";
}

/** `gpu-box, 8 CPUs, 2 x NVIDIA L4 24 GB, driver 570.172.08`. */
function describeMachine({ hostname, cpus, gpus, gpuDriver }: MachineFacts): string {
  const kinds = new Map<string, number>();
  for (const { name, memoryBytes } of gpus) {
    const kind = `${name} ${formatBytes(memoryBytes)}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const graphics = [...kinds].map(([kind, number]) => (number === 1 ? kind : `${number} x ${kind}`));
  return [
    hostname,
    formatCount(cpus, "CPU"),
    ...(graphics.length === 0 ? ["no GPU"] : graphics),
    ...(gpuDriver === undefined ? [] : [`driver ${gpuDriver}`]),
  ].join(", ");
}

/** `2.1 GB, 10,825 files, 92 Mbit/s`. Every file's digest was compared on the machine: that is part of the upload. */
function describeUpload({ shipped, ship }: RunView, seconds: number): string {
  const { sentBytes = 0, reusedBytes = 0 } = shipped ?? {};
  if (sentBytes === 0) return `${formatBytes(reusedBytes)}, all of it there already`;
  const files = ship === undefined ? [] : [formatCount(ship.totalFiles, "file")];
  // What took no time at all has no rate.
  const rate = seconds < 0.5 ? [] : [formatBitRate(sentBytes / seconds)];
  const rest = reusedBytes === 0 ? ["every sha256 equal"] : [`${formatBytes(reusedBytes)} there already`];
  return [formatBytes(sentBytes), ...files, ...rate, ...rest].join(", ");
}

/** `torch 2.10.0 cu128`; the receipt has the others. */
function describeVersions(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .sort(([a], [b]) => Number(b === "torch") - Number(a === "torch"))
    .slice(0, 2)
    .map(([name, version]) => `${name} ${version.replace("+", " ")}`)
    .join(", ");
}

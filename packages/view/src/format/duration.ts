import { formatCount } from "@unitrain/core/spec";

/** Returns a measured time: `0.4s`, `27s`, `2m31s`, `3h33m`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${trimZero(Math.max(0, seconds).toFixed(1))}s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded}s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)}m${pad2(rounded % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h${pad2(minutes % 60)}m`;
}

/** Returns an estimated time, in one unit: `45s`, `2.5m`, `34m`, `3.5h`. */
export function formatEstimate(seconds: number): string {
  if (seconds < 59.5) return `${Math.ceil(Math.max(0, seconds))}s`;
  const [value, unit] = seconds < 5_970 ? [seconds / 60, "m"] : [seconds / 3600, "h"];
  return `${value < 9.95 ? trimZero(value.toFixed(1)) : Math.round(value)}${unit}`;
}

/** Returns how long ago something was: `45 days`, `3h20m`. */
export function formatAge(ms: number): string {
  return ms >= 2 * dayMs ? formatCount(Math.floor(ms / dayMs), "day") : formatDuration(ms / 1000);
}

/** Returns the time that an epoch or a step takes: `4.1 s/epoch`, `38 s/epoch`, `2m31s/epoch`. */
export function formatPace(seconds: number, unit: string): string {
  if (seconds >= 99.5) return `${formatDuration(seconds)}/${unit}`;
  return `${seconds < 9.95 ? seconds.toPrecision(2) : Math.round(seconds)} s/${unit}`;
}

const dayMs = 86_400_000;

function pad2(value: number): string {
  return String(value).padStart(2, "0");
}

function trimZero(decimal: string): string {
  return decimal.replace(/\.0$/, "");
}

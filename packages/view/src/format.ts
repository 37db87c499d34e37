/** `0.4s`, `27s`, `2m31s`, `3h33m`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${trimmed(Math.max(0, seconds).toFixed(1))}s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded}s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)}m${pad2(rounded % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h${pad2(minutes % 60)}m`;
}

/** Time that is only guessed: `45s`, `2.5m`, `34m`, `3.5h`. */
export function roughly(seconds: number): string {
  if (seconds < 59.5) return `${Math.ceil(Math.max(0, seconds))}s`;
  const [value, unit] = seconds < 5_970 ? [seconds / 60, "m"] : [seconds / 3600, "h"];
  return `${value < 9.95 ? trimmed(value.toFixed(1)) : Math.round(value)}${unit}`;
}

/** `45 days`, `3h20m`. */
export function formatAge(ms: number): string {
  return ms >= 2 * dayMs ? counted(Math.floor(ms / dayMs), "day") : duration(Math.max(0, ms) / 1000);
}

const dayMs = 86_400_000;

/** `10,825`. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 file`, `10,825 files`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** The time of day here: `15:42`. */
export function clockTime(millisecondsSince1970: number): string {
  const date = new Date(millisecondsSince1970);
  return `${pad2(date.getHours())}:${pad2(date.getMinutes())}`;
}

/** `2026-11-24 15:42`, here. */
export function dayAndTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${date.getFullYear()}-${pad2(date.getMonth() + 1)}-${pad2(date.getDate())} ${clockTime(date.getTime())}`;
}

/** The name of the month here. */
export function monthName(millisecondsSince1970: number): string {
  return months[new Date(millisecondsSince1970).getMonth()] ?? "";
}

// Not Intl: loading it takes longer than listing 200 runs.
const months = "January February March April May June July August September October November December".split(
  " ",
);

/** A loss: `1.042`, `0.611`, `128`. */
export function loss(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 100_000 || magnitude < 0.001) return value.toExponential(1);
  return value.toFixed(magnitude >= 100 ? 0 : 3);
}

/** A share of one, as people who train write it: `.812`. */
export function score(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value.toFixed(3).replace(/^0\./, ".");
}

function pad2(value: number): string {
  return String(value).padStart(2, "0");
}

function trimmed(decimal: string): string {
  return decimal.replace(/\.0$/, "");
}

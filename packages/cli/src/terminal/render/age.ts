import { counted, duration } from "@unitrain/view";

const dayMs = 86_400_000;
const units: Readonly<Record<string, number>> = { h: 3600_000, d: dayMs, w: 7 * dayMs };

/** Milliseconds in `30d`, `12h`, `2w` or `0`; undefined for what is not an age. */
export function ageIn(text: string): number | undefined {
  const [, figure = "", unit = "d"] = /^(\d+(?:\.\d+)?)([hdw])?$/i.exec(text.trim()) ?? [];
  return figure === "" ? undefined : Number(figure) * (units[unit.toLowerCase()] ?? dayMs);
}

/** `45 days`, `3h20m`. */
export function ageText(ms: number): string {
  return ms >= 2 * dayMs ? counted(Math.floor(ms / dayMs), "day") : duration(Math.max(0, ms) / 1000);
}

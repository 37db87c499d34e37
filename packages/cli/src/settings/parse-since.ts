import { UnitrainError } from "@unitrain/core/spec";

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Reads the value of `--since` as milliseconds since 1970: an age (`7d`, `12h`, `2w`), the local beginning of a day (`2026-11-01`), or a time. */
export function parseSince(text: string, now: number): number {
  const [, count = "", unit = ""] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  if (count !== "") return now - Number(count) * (unitMs[unit] ?? 0);
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const moment = year === undefined ? Date.parse(text) : localDay(Number(year), Number(month), Number(day));
  if (/^\d{4}-/.test(text) && !Number.isNaN(moment)) return moment;
  throw new UnitrainError("INVALID_OPTIONS", `--since ${text} is not a time.`, {
    hint: "Write how long ago (30m, 12h, 7d, 2w) or a day (2026-11-01).",
  });
}

function localDay(year: number, month: number, day: number): number {
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : Number.NaN;
}

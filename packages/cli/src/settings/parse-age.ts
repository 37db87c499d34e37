const dayMs = 86_400_000;
const unitsMs: Readonly<Record<string, number>> = { h: 3_600_000, d: dayMs, w: 7 * dayMs };

/** Returns the milliseconds in `30d`, `12h`, `2w` or `0`, or undefined if the text is not an age. */
export function parseAge(text: string): number | undefined {
  const [, figure = "", unit = "d"] = /^(\d+(?:\.\d+)?)([hdw])?$/i.exec(text.trim()) ?? [];
  return figure === "" ? undefined : Number(figure) * (unitsMs[unit.toLowerCase()] ?? dayMs);
}

import type { Progress } from "@unitrain/core/spec";

/**
 * Reads a file of JSON lines: `{"epoch":1,"epochs":10,"metrics":{"loss":0.1}}`, or with `step` and `steps`. Metrics may also stand
 * beside the number. `"complete":false` marks an epoch that goes on. What is no such line is skipped, also a last one without its end.
 */
export function readJsonLines(content: string, countFrom: 0 | 1 | undefined): readonly Progress[] {
  const rows = content
    .slice(0, content.lastIndexOf("\n") + 1)
    .split("\n")
    .flatMap(parseRow);
  const first = countFrom ?? (rows.some(({ done }) => done === 0) ? 0 : 1);
  // The last line of an epoch counts.
  const epochs = new Map(rows.map((row) => [row.done, { ...row, done: row.done + 1 - first }]));
  return [...epochs.values()].filter(({ done }) => done >= 1).sort((a, b) => a.done - b.done);
}

const largestCount = 1e12;

function parseRow(line: string): readonly Progress[] {
  const row = parse(line);
  if (row === undefined) return [];
  const unit = "epoch" in row ? "epoch" : "step";
  const { [unit]: done, [`${unit}s`]: total, metrics, complete, epoch, epochs, step, steps, ...others } = row;
  if (!isCount(done)) return [];
  return [
    {
      unit,
      done,
      ...(isCount(total) ? { total } : {}),
      complete: complete !== false,
      metrics: { ...onlyNumbers(others), ...onlyNumbers(metrics) },
    },
  ];
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= largestCount;

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

function onlyNumbers(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

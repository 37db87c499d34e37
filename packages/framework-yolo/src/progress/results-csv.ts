import type { Progress } from "@unitrain/core/spec";
import { parse } from "csv-parse/sync";

/** Each complete epoch of a `results.csv`, by column name, in the order of the epochs. */
export function readResults(content: string, total: number | undefined): readonly Progress[] {
  const rows: readonly Record<string, string>[] = parse(dropPartialLine(content), {
    columns: (header: readonly string[]) => header.map((name) => name.trim()),
    trim: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    relax_column_count: true,
  });
  const epochs = new Map<number, Progress>();
  // Up to some 8.0 the first epoch is 0.
  const first = rows.some((row) => Number(row.epoch || Number.NaN) === 0) ? 0 : 1;
  for (const row of rows) {
    const done = Number(row.epoch || Number.NaN) + 1 - first;
    if (!Number.isInteger(done) || done < 1) continue;
    // After a retry an epoch is there twice: the last row is the one that counts.
    epochs.set(done, {
      unit: "epoch",
      done,
      ...includeTotal(total),
      complete: true,
      metrics: readMetrics(row),
    });
  }
  return [...epochs.values()].sort((a, b) => a.done - b.done);
}

/** A row that is just being written is left for the next time. */
const dropPartialLine = (content: string): string => content.slice(0, content.lastIndexOf("\n") + 1);

const includeTotal = (total: number | undefined) => (total === undefined ? {} : { total });

function readMetrics(row: Readonly<Record<string, string>>): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [column, text] of Object.entries(row)) {
    const value = text === "" ? Number.NaN : Number(text);
    if (column === "epoch" || column === "time" || !Number.isFinite(value)) continue;
    metrics[getMetricName(column)] = value;
  }
  return metrics;
}

/** `train/box_loss` is `box_loss`, `metrics/mAP50(B)` is `mAP50`, `lr/pg0` is `lr`; those of the validation, of masks and of other parameter groups keep apart. */
export function getMetricName(column: string): string {
  const parts = column.split("/");
  const last = (parts.at(-1) ?? column).replace(/\(B\)$/, "");
  if (parts.length === 1) return last;
  // The weights' own learning rate; biases warm up with another one.
  if (parts[0] === "lr") return last === "pg0" ? "lr" : `lr_${last}`;
  return parts[0] === "val" ? `val_${last}` : last;
}

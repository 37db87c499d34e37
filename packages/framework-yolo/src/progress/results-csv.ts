import type { Progress } from "@unitrain/core/spec";
import { parse } from "csv-parse/sync";

/** Reads the complete epochs of a `results.csv`, in order, with metrics keyed by column name. */
export function readResults(content: string, total: number | undefined): readonly Progress[] {
  const rows: readonly Record<string, string>[] = parse(dropPartialLine(content), {
    columns: (header: readonly string[]) => header.map((name) => name.trim()),
    trim: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    relax_column_count: true,
  });
  const epochs = new Map<number, Progress>();
  // Some 8.0 versions count epochs from 0.
  const first = rows.some((row) => Number(row.epoch || Number.NaN) === 0) ? 0 : 1;
  for (const row of rows) {
    const done = Number(row.epoch || Number.NaN) + 1 - first;
    if (!Number.isInteger(done) || done < 1) continue;
    // After a retry an epoch appears twice; the last row is valid.
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

/** Drops a partial last line, which is read again later. */
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

/**
 * Shortens a column's name: `train/box_loss` to `box_loss`, `metrics/mAP50(B)` to `mAP50`, `lr/pg0` to `lr`. Columns of
 * the validation, of masks and of other parameter groups keep distinct names.
 */
export function getMetricName(column: string): string {
  const parts = column.split("/");
  const last = (parts.at(-1) ?? column).replace(/\(B\)$/, "");
  if (parts.length === 1) return last;
  // The learning rate of the weights; biases have a separate warmup.
  if (parts[0] === "lr") return last === "pg0" ? "lr" : `lr_${last}`;
  return parts[0] === "val" ? `val_${last}` : last;
}

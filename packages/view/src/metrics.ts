import type { MetricColumn, ShownMetrics } from "@unitrain/core/spec";
import { formatLoss, formatScore } from "./format/figure.ts";

/** The metrics of an epoch by key, as the framework reports them. */
export type Metrics = Readonly<Record<string, number>>;

/** A figure of a training, formatted for display. */
export interface Figure {
  readonly key: string;
  /** A short label for a screen, such as `box` or `mAP50`. */
  readonly label: string;
  readonly role: MetricColumn["role"];
  readonly text: string;
  readonly value: number;
}

/** Lists the figures of an epoch that the framework wants to show, in their order, or all of them if it specifies none. */
export function listFigures(metrics: Metrics, shown: ShownMetrics | undefined): readonly Figure[] {
  return (shown?.columns ?? listColumns(metrics)).flatMap(({ key, label, role, format }) => {
    const value = Object.hasOwn(metrics, key) ? metrics[key] : undefined;
    if (value === undefined) return [];
    return [
      { key, label, role, text: format === "share" ? formatScore(value) : plainText(value, role), value },
    ];
  });
}

/** Lists the losses of the training, which are known during an epoch, such as `box 1.04`. */
export function listLosses(metrics: Metrics, shown: ShownMetrics | undefined): readonly Figure[] {
  return listFigures(metrics, shown).filter(({ role }) => role === "loss");
}

/** Lists the scores of the model, such as `mAP50 .812` and `mAP50-95 .566`. */
export function listScores(metrics: Metrics, shown: ShownMetrics | undefined): readonly Figure[] {
  return listFigures(metrics, shown).filter(({ role }) => role === "score");
}

/** Returns the figure that decides which epoch is best. Undefined if the framework names none, or the epoch does not have it. */
export function findDecidingFigure(metrics: Metrics, shown: ShownMetrics | undefined): Figure | undefined {
  return listFigures(metrics, shown).find(({ key }) => key === shown?.deciding?.key);
}

/** Returns a number that is higher for a better epoch. Undefined if the epoch cannot be rated, or nothing was learned yet. */
export function rateScore(metrics: Metrics, shown: ShownMetrics | undefined): number | undefined {
  const value = findDecidingFigure(metrics, shown)?.value;
  if (value === undefined || !Number.isFinite(value)) return undefined;
  if (shown?.deciding?.better === "lower") return -value;
  return value > 0 ? value : undefined;
}

/** Formats a count as a whole number. A loss always has decimals. */
function plainText(value: number, role: MetricColumn["role"]): string {
  return Number.isInteger(value) && role !== "loss" ? String(value) : formatLoss(value);
}

function listColumns(metrics: Metrics): readonly MetricColumn[] {
  return Object.keys(metrics).map((key) => ({
    key,
    label: key,
    role: /(^|[/_])loss$/.test(key) && !/^val[/_]/.test(key) ? "loss" : "detail",
  }));
}

import type { MetricColumn, ShownMetrics } from "@unitrain/core/spec";
import { formatLoss, formatScore } from "./format/figure.ts";

export type Metrics = Readonly<Record<string, number>>;

/** One figure of a training, ready to be shown. */
export interface Figure {
  readonly key: string;
  /** Short, for a screen: `box`, `mAP50`. */
  readonly label: string;
  readonly role: MetricColumn["role"];
  readonly text: string;
  readonly value: number;
}

/** The figures of one epoch that its framework wants shown, in their order; all of them where it says nothing. */
export function listFigures(metrics: Metrics, shown: ShownMetrics | undefined): readonly Figure[] {
  return (shown?.columns ?? listColumns(metrics)).flatMap(({ key, label, role, format }) => {
    const value = Object.hasOwn(metrics, key) ? metrics[key] : undefined;
    if (value === undefined) return [];
    return [
      { key, label, role, text: format === "share" ? formatScore(value) : plainText(value, role), value },
    ];
  });
}

/** The losses of the training itself, which are told while an epoch goes on: `box 1.04`. */
export function listLosses(metrics: Metrics, shown: ShownMetrics | undefined): readonly Figure[] {
  return listFigures(metrics, shown).filter(({ role }) => role === "loss");
}

/** How good the model is by now: `mAP50 .812`, `mAP50-95 .566`. */
export function listScores(metrics: Metrics, shown: ShownMetrics | undefined): readonly Figure[] {
  return listFigures(metrics, shown).filter(({ role }) => role === "score");
}

/** The figure by which one epoch is better than another; undefined where the framework names none, or the epoch has none. */
export function findDecidingFigure(metrics: Metrics, shown: ShownMetrics | undefined): Figure | undefined {
  return listFigures(metrics, shown).find(({ key }) => key === shown?.deciding?.key);
}

/** How good an epoch is, in a number of which more is better; undefined where that cannot be told, or nothing was learned yet. */
export function rateScore(metrics: Metrics, shown: ShownMetrics | undefined): number | undefined {
  const value = findDecidingFigure(metrics, shown)?.value;
  if (value === undefined || !Number.isFinite(value)) return undefined;
  if (shown?.deciding?.better === "lower") return -value;
  return value > 0 ? value : undefined;
}

/** A count is shown as one; a loss has its decimals also where it happens to be whole. */
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

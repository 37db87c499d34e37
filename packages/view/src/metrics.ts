import { formatLoss, formatScore } from "./format/figure.ts";

export type Metrics = Readonly<Record<string, number>>;

/** One figure of a training, ready to be shown. */
export interface Figure {
  readonly key: string;
  /** Short, for a screen: `box`, `mAP50`. */
  readonly label: string;
  readonly text: string;
  readonly value: number;
}

/** The losses of the training itself, not of its validation: `box 1.04`. */
export function lossesIn(metrics: Metrics): Figure[] {
  return Object.entries(metrics)
    .filter(([key]) => /(^|[/_])loss$/.test(key) && !/^val[/_]/.test(key))
    .map(([key, value]) => ({ key, label: shortName(key), text: formatLoss(value), value }));
}

/** How good it is by now, the figure that decides last: `mAP50 .812`, `mAP50-95 .566`. */
export function scoresIn(metrics: Metrics): Figure[] {
  return Object.entries(metrics)
    .filter(([key]) => /mAP|accuracy|top[15]/i.test(key))
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .map(([key, value]) => ({ key, label: shortName(key), text: formatScore(value), value }));
}

/** Precision and recall, where there are such. */
export function sharesIn(metrics: Metrics): Figure[] {
  return Object.entries(metrics)
    .filter(([key]) => /precision|recall/i.test(key))
    .map(([key, value]) => ({ key, label: shortName(key), text: formatScore(value), value }));
}

/** The figure by which one epoch is better than another; undefined where the framework tells none that we know. */
export function decidingScore(metrics: Metrics): Figure | undefined {
  const scores = scoresIn(metrics);
  return (
    scores.find(({ key }) => /mAP50-95/.test(key)) ??
    scores.find(({ key }) => /top1/.test(key)) ??
    scores.at(-1)
  );
}

function shortName(key: string): string {
  return key.replace(/^(train|metrics)\//, "").replace(/_?loss$/, "") || "loss";
}

function rankOf(key: string): number {
  if (/mAP50-95/.test(key)) return 2;
  if (/mAP50|top1/.test(key)) return 1;
  return 3;
}

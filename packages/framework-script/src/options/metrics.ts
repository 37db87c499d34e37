import type { ShownMetrics } from "@unitrain/core/spec";
import { UnitrainError } from "@unitrain/core/spec";
import { compilePattern, type Pattern } from "./patterns.ts";

/** A metric that is shown. */
export interface Metric {
  readonly key: string;
  /** Finds it in the log, in the group `group`. Left out for one that is only in the progress file. */
  readonly found?: { readonly pattern: Pattern; readonly group: string | number };
}

/**
 * Reads one value of `metric`: the name of a metric in the progress file (`val_loss`), or an expression with one group, whose name is
 * what stands before it (`acc=([0-9.]+)`), or with named groups (`(?<loss>\S+) (?<acc>\S+)`).
 */
export function parseMetric(source: string): readonly Metric[] {
  if (/^[\w./@-]+$/.test(source)) return [{ key: source }];
  const pattern = compilePattern("metric", source);
  if (pattern.names.length > 0) return pattern.names.map((key) => ({ key, found: { pattern, group: key } }));
  if (pattern.groups !== 1) {
    const count = pattern.groups === 0 ? "no group" : `${pattern.groups} groups without names`;
    throw invalid(
      `metric is ${JSON.stringify(source)}, which has ${count}.`,
      "Put the number into parentheses: 'acc=([0-9.]+)'. For several in one expression, name them: 'loss (?<loss>[0-9.]+) acc (?<acc>[0-9.]+)'.",
    );
  }
  const key = findName(source);
  if (key === undefined)
    throw invalid(
      `metric is ${JSON.stringify(source)}, which does not say its name.`,
      "Name the group: '(?<acc>[0-9.]+)'.",
    );
  return [{ key, found: { pattern, group: 1 } }];
}

/** Returns the last word before the group, which is what most logs print there. */
function findName(source: string): string | undefined {
  const [before = ""] = source.replace(/\(\?:/g, "").split("(");
  return before
    .replace(/\\[a-zA-Z]/g, " ")
    .replaceAll("\\", "")
    .match(/[A-Za-z_][\w./@-]*/g)
    ?.at(-1)
    ?.replace(/[./@-]+$/, "");
}

const lowerIsBetter = /loss|err|mse|mae|perplexity|ppl|wer|cer|fid|nll|deviance|distance/i;

/** Says how the metrics are shown: the first one decides. Undefined if none was named, so that all are shown by their names. */
export function describeMetrics(
  metrics: readonly Metric[],
  better: "higher" | "lower" | undefined,
): ShownMetrics | undefined {
  const [first] = metrics;
  if (first === undefined) return undefined;
  return {
    columns: metrics.map(({ key }, index) => ({
      key,
      label: key,
      role: index === 0 ? "score" : /loss/i.test(key) ? "loss" : "detail",
    })),
    deciding: { key: first.key, better: better ?? (lowerIsBetter.test(first.key) ? "lower" : "higher") },
  };
}

const invalid = (message: string, hint: string) => new UnitrainError("INVALID_OPTIONS", message, { hint });

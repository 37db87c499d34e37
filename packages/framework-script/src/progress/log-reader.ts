import { stripVTControlCharacters } from "node:util";
import type { Progress } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { findBar, findPosition, type Position } from "./position.ts";

/** What stands further right in a line is not searched. */
const longestLine = 10_000;

/** The epoch (or step) that the log is at. */
interface Current extends Position {
  readonly metrics: Record<string, number>;
  isComplete: boolean;
}

/**
 * Reads epochs and metrics from the lines of a log. An epoch is complete when each metric was read for it, or when the next one begins.
 * A log that repeats its metrics within an epoch, as one line per batch does, completes epochs only in the second way. If no metrics are
 * read, a line with the epoch and further numbers, as in `Epoch 3/10 loss 0.5`, is taken for the end of that epoch.
 */
export class LogReader {
  readonly #options: Pick<CheckedOptions, "metrics" | "position" | "countFrom">;
  readonly #sought: readonly string[];
  #current: Current | undefined;
  #repeatsMetrics = false;
  /** The number of the first epoch, once it is known. */
  #first: 0 | 1 | undefined;

  constructor(options: Pick<CheckedOptions, "metrics" | "position" | "countFrom">) {
    this.#options = options;
    this.#first = options.countFrom;
    this.#sought = options.metrics.flatMap(({ key, found }) => (found === undefined ? [] : [key]));
  }

  read(lines: string): readonly Progress[] {
    return lines
      .split(/[\r\n]+/)
      .filter((line) => line !== "")
      .flatMap((line) => this.#readLine(stripVTControlCharacters(line.slice(0, longestLine))));
  }

  #readLine(line: string): readonly Progress[] {
    const position = findPosition(line, this.#options.position);
    const metrics = this.#findMetrics(line);
    const hasMetrics = Object.keys(metrics).length > 0;
    if (position === undefined && !hasMetrics) return [];
    const ended = position === undefined ? [] : this.#moveTo(position);
    this.#current ??= this.#countLine();
    const current = this.#current;
    if (hasMetrics) {
      if (current.isComplete && !isIncluded(metrics, current.metrics)) {
        // A script that prints no epochs: each line with its metrics is one.
        if (current.isCounted) this.#current = { ...this.#countLine(), metrics };
        else this.#repeatsMetrics = true;
      }
      Object.assign(this.#current.metrics, metrics);
    }
    const saysResult = this.#sought.length === 0 && position !== undefined && hasNumbersAfterPosition(line);
    return [...ended, ...this.#report(this.#current, position, findBar(line), saysResult)];
  }

  #findMetrics(line: string): Record<string, number> {
    const metrics: Record<string, number> = {};
    for (const { key, found } of this.#options.metrics) {
      const text = found?.pattern.findLast(line)?.get(found.group);
      const value = text === undefined || text === "" ? Number.NaN : Number(text.replace(/[.,;:]+$/, ""));
      if (Number.isFinite(value)) metrics[key] = value;
    }
    return metrics;
  }

  /** Begins another epoch, and returns the one before it if it has not been reported as complete. */
  #moveTo(position: Position): readonly Progress[] {
    const before = this.#current;
    this.#first ??= position.done === 0 ? 0 : 1;
    const done = position.done + 1 - this.#first;
    if (before?.done === done) {
      this.#current = { ...before, ...position, done };
      return [];
    }
    if (done < 1) return [];
    this.#current = { ...position, done, metrics: {}, isComplete: false };
    const hasEnded =
      before !== undefined && done > before.done && (!before.isComplete || this.#repeatsMetrics);
    return hasEnded ? [toProgress(before, true)] : [];
  }

  #countLine(): Current {
    const done = (this.#current?.done ?? 0) + 1;
    return { unit: "epoch", done, isFraction: false, isCounted: true, metrics: {}, isComplete: false };
  }

  #report(
    current: Current,
    position: Position | undefined,
    bar: Progress["batch"] | undefined,
    saysResult: boolean,
  ): readonly Progress[] {
    const hasAll =
      saysResult || (this.#sought.length > 0 && this.#sought.every((key) => key in current.metrics));
    const isLast = current.done === current.total;
    const isBarFull = bar === undefined || bar.done === bar.total;
    if (hasAll && isBarFull && !current.isFraction && (!this.#repeatsMetrics || isLast)) {
      current.isComplete = true;
      return [toProgress(current, true)];
    }
    if (current.isComplete) return [];
    return position === undefined && bar === undefined ? [] : [toProgress(current, false, bar)];
  }
}

function hasNumbersAfterPosition(line: string): boolean {
  const found = /\bepochs?\b\D{0,8}\d+(?:[ \t]{0,4}(?:\/|of)[ \t]{0,4}\d+)?/i.exec(line);
  return found !== null && /\d/.test(line.slice(found.index + found[0].length));
}

const isIncluded = (some: Record<string, number>, all: Record<string, number>): boolean =>
  Object.entries(some).every(([key, value]) => all[key] === value);

function toProgress(current: Current, complete: boolean, batch?: Progress["batch"]): Progress {
  const { unit, done, total, metrics } = current;
  return {
    unit,
    done,
    ...(total === undefined ? {} : { total }),
    complete,
    ...(batch === undefined ? {} : { batch }),
    metrics: { ...metrics },
  };
}

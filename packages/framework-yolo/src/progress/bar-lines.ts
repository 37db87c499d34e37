import { stripVTControlCharacters } from "node:util";
import type { Progress } from "@unitrain/core/spec";

/** `  1/3  0G  6.378  4.282  4.294  16  160: 45% ━━━ 2/4 1.6s/it`, and the same with the bar of tqdm. */
const barPattern = /^\s*(\d+)\/(\d+)\s+([\d.]+)([KMGT]?)B?\s+(.*?):\s+(\d+)%.*?\s(\d+)\/(\d+)(?:\s|$)/;

/** `  Epoch  GPU_mem  box_loss  cls_loss  dfl_loss  Instances  Size` */
const headerPattern = /^\s*Epoch\s+GPU_mem\s+(.+?)\s*$/;

const unitBytes: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * Bars have a few hundred characters. Longer lines are skipped, because the patterns above are slow on very long lines.
 */
const maxBarLength = 2_000;

/** Columns of the header that are not losses. */
const nonLossColumns = new Set(["Instances", "Size"]);

/** Parses the progress bars of a training. Remembers the header, which is printed once per epoch. */
export class BarLines {
  #columns: readonly string[] = ["box_loss", "cls_loss", "dfl_loss", "Instances", "Size"];
  /** Total number of epochs in the latest bar. */
  total: number | undefined;

  /** Parses complete lines; of several bars of the same epoch, only the last is returned. */
  read(lines: string): readonly Progress[] {
    const found: Progress[] = [];
    for (const line of stripVTControlCharacters(lines).split(/[\r\n]/)) {
      if (line.length > maxBarLength) continue;
      const columns = headerPattern.exec(line)?.[1];
      if (columns !== undefined) this.#columns = columns.split(/\s+/);
      const progress = this.#readBar(line);
      if (progress === undefined) continue;
      if (found.at(-1)?.done === progress.done) found.pop();
      found.push(progress);
    }
    return found;
  }

  #readBar(line: string): Progress | undefined {
    const [, epoch, epochs, memory, unit, figures, , done, total] = barPattern.exec(line) ?? [];
    if (epoch === undefined || figures === undefined || Number(total) === 0) return undefined;
    this.total = Number(epochs);
    return {
      unit: "epoch",
      done: Number(epoch),
      total: this.total,
      complete: false,
      batch: { done: Number(done), total: Number(total) },
      metrics: this.#losses(figures.trim().split(/\s+/)),
      gpuMemoryBytes: Number(memory) * (unitBytes[unit ?? ""] ?? 1),
    };
  }

  #losses(figures: readonly string[]): Record<string, number> {
    // If the columns do not match the figures, losses would get wrong names.
    if (figures.length !== this.#columns.length) return {};
    const pairs = this.#columns.map((name, index) => [name, Number(figures[index])] as const);
    return Object.fromEntries(
      pairs.filter(([name, value]) => !nonLossColumns.has(name) && Number.isFinite(value)),
    );
  }
}

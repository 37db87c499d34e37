import { stripVTControlCharacters } from "node:util";
import type { Progress } from "@unitrain/core/spec";

/** `  1/3  0G  6.378  4.282  4.294  16  160: 45% ━━━ 2/4 1.6s/it`, and the same with the bar of tqdm. */
const barPattern = /^\s*(\d+)\/(\d+)\s+([\d.]+)([KMGT]?)B?\s+(.*?):\s+(\d+)%.*?\s(\d+)\/(\d+)(?:\s|$)/;

/** `  Epoch  GPU_mem  box_loss  cls_loss  dfl_loss  Instances  Size` */
const headerPattern = /^\s*Epoch\s+GPU_mem\s+(.+?)\s*$/;

const unitBytes: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** A bar is a few hundred characters; the patterns above take too long over a line without an end. */
const maxBarLength = 2_000;

/** Of these the header speaks too, but they are no losses. */
const nonLossColumns = new Set(["Instances", "Size"]);

/** Reads the bars of a training. Keeps the header, which comes once for each epoch. */
export class BarLines {
  #columns: readonly string[] = ["box_loss", "cls_loss", "dfl_loss", "Instances", "Size"];
  /** Epochs in all, as the newest bar said. */
  total: number | undefined;

  /** Whole lines; of many bars of the same epoch in them only the last is told. */
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
    // Columns that do not fit the figures would give a loss another's name.
    if (figures.length !== this.#columns.length) return {};
    const pairs = this.#columns.map((name, index) => [name, Number(figures[index])] as const);
    return Object.fromEntries(
      pairs.filter(([name, value]) => !nonLossColumns.has(name) && Number.isFinite(value)),
    );
  }
}

import { type Figure, listFigures } from "./metrics.ts";
import { findBestEpoch, type RunView } from "./run-view.ts";

/** One complete epoch of a table. */
export interface EpochRow {
  readonly epoch: number;
  /** A text for each of the table's figures; `-` where this epoch has none. */
  readonly texts: readonly string[];
  readonly isBest: boolean;
}

/** The complete epochs of a run, as a table shows them. */
export interface EpochRows {
  /** What the last epoch has, one a column. */
  readonly figures: readonly Figure[];
  readonly rows: readonly EpochRow[];
  /** How many epochs there are, of which the rows may be a selection. */
  readonly epochCount: number;
}

/** Lists the complete epochs by their number; of more than `mostRows` a selection with the first, the best and the last. */
export function listEpochs(view: RunView, mostRows: number): EpochRows {
  const epochs = [...view.epochs].sort(([a], [b]) => a - b);
  const shown = view.plan?.metrics;
  const best = findBestEpoch(view)?.epoch;
  const figures = listFigures(epochs.at(-1)?.[1] ?? {}, shown);
  const step = epochs.length <= mostRows ? 1 : Math.ceil(epochs.length / Math.max(1, mostRows - 2));
  const rows = epochs
    .filter(([epoch], index) => index % step === 0 || index === epochs.length - 1 || epoch === best)
    .map(([epoch, metrics]) => {
      const texts = new Map(listFigures(metrics, shown).map(({ key, text }) => [key, text]));
      return {
        epoch,
        texts: figures.map(({ key }) => texts.get(key) ?? "-"),
        isBest: epoch === best,
      };
    });
  return { figures, rows, epochCount: epochs.length };
}

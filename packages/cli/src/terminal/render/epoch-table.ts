import { bestEpoch, type Figure, figuresIn, type RunView } from "@unitrain/view";
import { type Line, styled } from "./line.ts";
import { type Column, table } from "./table.ts";

/** The epochs, each with its losses and scores, the best one marked; of very many, a selection that says so. */
export function epochTable(view: RunView, width: number): Line[] {
  const epochs = [...view.epochs].sort(([a], [b]) => a - b);
  if (epochs.length === 0) return [];
  const best = bestEpoch(view)?.epoch;
  const shown = selection(epochs, best);
  const last = epochs.at(-1)?.[1] ?? {};
  const shownMetrics = view.plan?.metrics;
  const figures = figuresIn(last, shownMetrics);
  const unit = view.progress?.unit ?? "epoch";
  const columns: Column[] = [
    { head: unit.toUpperCase(), align: "right" },
    ...figures.map((figure) => columnOf(figure)),
    { head: "", align: "left", givesWay: 9 },
  ];
  const lines = table(
    columns,
    shown.map(([epoch, metrics]) => {
      const values = new Map(figuresIn(metrics, shownMetrics).map(({ key, text }) => [key, text]));
      const cells = [
        String(epoch),
        ...figures.map(({ key }) => values.get(key) ?? "-"),
        epoch === best ? "best" : "",
      ];
      return epoch === best ? { cells, style: "green" as const } : { cells };
    }),
    width,
  );
  if (shown.length === epochs.length) return lines;
  return [
    ...lines,
    [
      styled(
        "dim",
        `${shown.length} of ${epochs.length} ${unit}s; all of them are in the downloaded results`,
      ),
    ],
  ];
}

const mostRows = 20;

function selection<Entry extends readonly [number, unknown]>(
  epochs: Entry[],
  best: number | undefined,
): Entry[] {
  if (epochs.length <= mostRows) return epochs;
  const step = Math.ceil(epochs.length / (mostRows - 2));
  return epochs.filter(
    ([epoch], index) => index % step === 0 || index === epochs.length - 1 || epoch === best,
  );
}

/** Figures that say less give way first where there is little room. A label with capitals keeps them: `mAP50`. */
function columnOf({ label, role }: Figure): Column {
  const givesWay = { detail: 8, loss: 5, score: undefined }[role];
  return {
    head: /[A-Z]/.test(label) ? label : label.toUpperCase(),
    align: "right",
    ...(givesWay === undefined ? {} : { givesWay }),
  };
}

import { type Figure, listEpochs, type RunView } from "@unitrain/view";
import { type Line, styled } from "./line.ts";
import { type Column, renderTable } from "./table.ts";

/** The epochs, each with its losses and scores, the best one marked; of very many, a selection that says so. */
export function renderEpochs(view: RunView, width: number): Line[] {
  const { figures, rows, epochCount } = listEpochs(view, mostRows);
  if (epochCount === 0) return [];
  const unit = view.progress?.unit ?? "epoch";
  const columns: Column[] = [
    { head: unit.toUpperCase(), align: "right" },
    ...figures.map(createColumn),
    { head: "", align: "left", givesWay: 9 },
  ];
  const lines = renderTable(
    columns,
    rows.map(({ epoch, texts, isBest }) => {
      const cells = [String(epoch), ...texts, isBest ? "best" : ""];
      return isBest ? { cells, style: "green" as const } : { cells };
    }),
    width,
  );
  if (rows.length === epochCount) return lines;
  return [
    ...lines,
    [styled("dim", `${rows.length} of ${epochCount} ${unit}s; all of them are in the downloaded results`)],
  ];
}

const mostRows = 20;

/** Figures that say less give way first where there is little room. A label with capitals keeps them: `mAP50`. */
function createColumn({ label, role }: Figure): Column {
  const givesWay = { detail: 8, loss: 5, score: undefined }[role];
  return {
    head: /[A-Z]/.test(label) ? label : label.toUpperCase(),
    align: "right",
    ...(givesWay === undefined ? {} : { givesWay }),
  };
}

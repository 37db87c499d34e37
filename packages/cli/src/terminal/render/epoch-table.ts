import { type Figure, listEpochs, type RunView } from "@unitrain/view";
import { type Line, styled } from "./line.ts";
import { type Column, renderTable } from "./table.ts";

/** Renders the epochs with their losses and scores, and marks the best one. Of many epochs, a selection is shown. */
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

/** Creates the column of a figure. In a narrow terminal the least important figures are removed first. A label with capital letters such as `mAP50` keeps them. */
function createColumn({ label, role }: Figure): Column {
  const givesWay = { detail: 8, loss: 5, score: undefined }[role];
  return {
    head: /[A-Z]/.test(label) ? label : label.toUpperCase(),
    align: "right",
    ...(givesWay === undefined ? {} : { givesWay }),
  };
}

import type { PhaseEstimate, Plan, Quote } from "@unitrain/core";
import { formatEstimate, formatOfferName, formatUsd } from "@unitrain/view";
import { type Line, styled, withLabel } from "./line.ts";
import { formatHourlyPrice, listMachineCells, machineColumns } from "./offers.ts";
import { type Column, renderTable } from "./table.ts";

/** An offer that a plan could rent. */
export interface Alternative {
  readonly quote: Quote;
  readonly chosen: boolean;
  /** The likely cost of the whole run with this offer. Undefined if it cannot be predicted. */
  readonly likelyUsd?: number;
}

/** Renders the possible offers, and marks the chosen one. */
export function renderAlternatives(alternatives: readonly Alternative[], width: number): Line[] {
  const predicted = alternatives.some(({ likelyUsd }) => likelyUsd !== undefined);
  const columns: readonly Column[] = [
    { head: "  OFFER", align: "left" },
    { head: "REGION", align: "left" },
    ...machineColumns,
    { head: "STOCK", align: "left" },
    { head: "$/H", align: "right" },
    ...(predicted ? [{ head: "LIKELY", align: "right" } as const] : []),
  ];
  const rows = alternatives.map(({ quote, chosen, likelyUsd }) => ({
    cells: [
      `${chosen ? ">" : " "} ${formatOfferName(quote)}`,
      quote.region ?? "-",
      ...listMachineCells(quote),
      quote.available === "unknown" ? "?" : quote.available,
      formatHourlyPrice(quote),
      ...(predicted ? [likelyUsd === undefined ? "-" : formatUsd(likelyUsd)] : []),
    ],
    ...(chosen ? { style: "bold" as const } : {}),
  }));
  return renderTable(columns, rows, width);
}

/** Renders the predicted duration of each phase, and the basis of the prediction. */
export function renderPrediction({ prediction }: Plan, width: number): Line[] {
  if (prediction === undefined) return [];
  const columns: readonly Column[] = [
    { head: "PHASE", align: "left" },
    { head: "LOW", align: "right" },
    { head: "LIKELY", align: "right" },
    { head: "HIGH", align: "right" },
  ];
  const { phases, seconds, costUsd } = prediction;
  const rows = [
    ...phases.map(({ phase, seconds: { low, likely, high } }) => [phase, low, likely, high] as const),
    ["total", seconds.low, seconds.likely, seconds.high] as const,
  ].map(([name, ...figures]) => ({ cells: [name, ...figures.map(formatEstimate)] }));
  const [head = [], ...lines] = renderTable(columns, rows, width);
  const cost = [costUsd.low, costUsd.likely, costUsd.high].map(formatUsd).join(" / ");
  const bases = [...phases.map(describeBasis), `${cost} at list price`];
  return [
    [...head, styled("dim", "  BASIS")],
    ...lines.flatMap((line, index) => putBeside(line, bases[index] ?? "", width)),
  ];
}

/** Renders the unknown parts of the price, each with its worst case. */
export function renderUnknownPrices({ prediction }: Plan, width: number): Line[] {
  return (prediction?.unknown ?? []).flatMap((text) => withLabel(styled("yellow", "!"), text, 2, width));
}

function describeBasis({ phase, basis }: PhaseEstimate): string {
  return phase === "environment" && !basis.includes("beside") ? `${basis}, beside the upload` : basis;
}

/** Puts a text beside a line. The text wraps below its own beginning. */
function putBeside(line: Line, text: string, width: number): Line[] {
  const cells = line.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");
  return withLabel(cells, text, cells.length + 2, width);
}

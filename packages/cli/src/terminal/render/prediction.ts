import type { PhaseEstimate, Plan, Quote } from "@unitrain/core";
import { formatEstimate, formatOfferName, formatUsd } from "@unitrain/view";
import { type Line, styled, withLabel } from "./line.ts";
import { formatHourlyPrice, listMachineCells, machineColumns } from "./offers.ts";
import { type Column, renderTable } from "./table.ts";

/** One of the offers that a plan could take. */
export interface Alternative {
  readonly quote: Quote;
  readonly chosen: boolean;
  /** What the whole run would likely cost there, where that can be told. */
  readonly likelyUsd?: number;
}

/** What could be rented, the one that will be marked. */
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

/** What each part will take, and where that is known from. */
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

/** What is unknown of the price, at its worst. */
export function renderUnknownPrices({ prediction }: Plan, width: number): Line[] {
  return (prediction?.unknown ?? []).flatMap((text) => withLabel(styled("yellow", "!"), text, 2, width));
}

function describeBasis({ phase, basis }: PhaseEstimate): string {
  return phase === "environment" && !basis.includes("beside") ? `${basis}, beside the upload` : basis;
}

/** A text that wraps below its own beginning. */
function putBeside(line: Line, text: string, width: number): Line[] {
  const cells = line.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");
  return withLabel(cells, text, cells.length + 2, width);
}

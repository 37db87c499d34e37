import type { Receipt, Resource } from "@unitrain/core";
import {
  calculateDuration,
  formatDuration,
  formatEstimate,
  formatLimit,
  formatTimeWithSeconds,
  formatUsd,
  listCosts,
  type RunView,
} from "@unitrain/view";
import { type Line, padText, styled, truncateText, withLabel } from "./line.ts";
import { renderTable } from "./table.ts";

/** Renders the duration and cost of each phase beside the plan. The rows add up to the last one. */
export function renderCosts(view: RunView, receipt: Receipt, width: number): Line[] {
  const { prediction } = view.plan ?? {};
  const planned = (text: string) => (prediction === undefined ? [] : [text]);
  const rows = listCosts(view, receipt).map(({ part, seconds, usd, plannedSeconds, remark }) => ({
    cells: [
      part,
      seconds === undefined ? "" : formatDuration(seconds),
      formatUsd(usd),
      ...planned(plannedSeconds === undefined ? "" : formatEstimate(plannedSeconds)),
      remark,
    ],
  }));
  const total = [
    "total",
    formatDuration(calculateDuration(receipt)),
    formatUsd(receipt.lease.costUsd),
    ...planned(prediction === undefined ? "" : formatUsd(prediction.costUsd.likely)),
    describeTotal(receipt, view),
  ];
  return renderTable(
    [
      { head: "PHASE", align: "left" },
      { head: "TIME", align: "right" },
      { head: "COST", align: "right" },
      ...(prediction === undefined ? [] : [{ head: "PLANNED", align: "right" } as const]),
      { head: "", align: "left", givesWay: 1, shrinksTo: 16 },
    ],
    [...rows, { cells: total, style: "bold" }],
    width,
  );
}

/** Renders the released resources with proof and time, and the resources that may still cost money with the command to run. */
export function renderRelease({ lease }: Receipt, width: number): Line[] {
  const kinds = [...lease.proofs.map(({ resource }) => resource), ...lease.unconfirmed];
  const kindWidth = Math.max(0, ...kinds.map(({ kind }) => kind.length));
  const nameWidth = Math.max(0, ...kinds.map((resource) => getResourceName(resource).length));
  const beginning = (resource: Resource) =>
    `${padText(resource.kind, kindWidth)}  ${padText(getResourceName(resource), nameWidth)}`;
  const room = width - labelWidth - kindWidth - nameWidth - 14;
  const gone = lease.proofs.flatMap(({ resource, evidence, goneAt }, index) =>
    withLabel(
      index === 0 ? styled("green", "GONE") : "",
      `${beginning(resource)}  ${formatTimeWithSeconds(Date.parse(goneAt))}  ${truncateText(describeLastSeen(evidence, resource), room)}`,
      labelWidth,
      Number.POSITIVE_INFINITY,
    ),
  );
  // One message for all of them, with a price only if one costs money.
  const costs = lease.unconfirmed.some(({ free }) => free !== true);
  const cost = costs ? `may still cost ${formatUsd(lease.priceUsdPerHour)}/h` : "costs nothing";
  const unsure = [
    ...lease.unconfirmed.map(beginning),
    ...(lease.unconfirmed.length === 0 ? [] : [`not confirmed gone; ${cost}: unitrain gc`]),
  ].flatMap((text, index) =>
    withLabel(index === 0 ? styled("red", "UNSURE") : "", text.trimEnd(), labelWidth, width),
  );
  return [...gone, ...unsure];
}

const labelWidth = 7;

function describeTotal({ lease }: Receipt, { plan }: RunView): string {
  const amount = plan === undefined ? undefined : formatLimit(plan);
  const limit = amount === undefined ? "" : `limit ${amount.split(" = ")[0]?.replace(" in all", "")}; `;
  if (lease.costUsd === 0 && lease.release === "released") return `${limit}nothing was rented`;
  return `${limit}list price, the invoice decides`;
}

/** Renders the parts of the cost that are unknown and not in the total. */
export function renderUnknownCosts({ lease }: Receipt, width: number): Line[] {
  const names = { upfront: "a charge at launch", other: "storage and address" };
  const unknown = lease.costUsd === 0 ? [] : (lease.unknownCosts ?? []).map((part) => names[part]);
  if (unknown.length === 0) return [];
  return withLabel(styled("yellow", "!"), `not counted because unknown: ${unknown.join("; ")}`, 2, width);
}

/** Shortens ids and long names. The receipt has them in full. */
function getResourceName({ id, name }: Resource): string {
  const shown = id ?? name;
  if (/^[0-9a-f]{8}-[0-9a-f-]{20,}$/i.test(shown)) return shown.slice(0, 8);
  return shown.length <= 22 ? shown : `${shown.slice(0, 12)}…${shown.slice(-8)}`;
}

/** Shortens the evidence of a release by the name that is shown before it. */
function describeLastSeen(evidence: string, { id, name }: Resource): string {
  const short = [id, name].reduce<string>(
    (text, word) => (word === undefined || word === "" ? text : text.replaceAll(word, "…")),
    evidence,
  );
  return short.replace(/^GET \S+ answered 404$/, "404 by id").replace(/^.* was answered, and /, "");
}

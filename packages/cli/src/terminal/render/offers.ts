import type { Quote } from "@unitrain/core";
import { formatBytes, formatOfferName, formatUsd } from "@unitrain/view";
import { type Line, styled, withLabel } from "./line.ts";
import { type Column, renderTable } from "./table.ts";

/** An offer and the word of the cloud that makes it. */
interface CloudOffer {
  readonly on: string;
  readonly quote: Quote;
}

/** A cloud that was asked for its offers. */
export interface AskedCloud {
  readonly on: string;
  readonly state: string;
  readonly variables?: readonly string[];
  readonly error?: { readonly message: string };
}

/** Renders each kind of machine once, cheapest first, with the regions that have it in stock. The cloud is shown if several were asked. */
export function renderOffers(
  offers: readonly CloudOffer[],
  width: number,
  { showsCloud }: { readonly showsCloud: boolean },
): Line[] {
  const kinds = Map.groupBy(
    offers,
    ({ on, quote }) => `${on} ${formatOfferName(quote)} ${quote.priceUsdPerHour}`,
  );
  const rows = [...kinds.values()].map((alike) => {
    const [first] = alike;
    return first === undefined
      ? { cells: [] }
      : {
          cells: [
            ...(showsCloud ? [first.on] : []),
            formatOfferName(first.quote),
            ...listMachineCells(first.quote),
            formatHourlyPrice(first.quote),
            describeStock(alike.map(({ quote }) => quote)),
          ],
        };
  });
  const columns: readonly Column[] = [
    ...(showsCloud ? [{ head: "CLOUD", align: "left" } as const] : []),
    { head: "OFFER", align: "left" },
    ...machineColumns,
    { head: "$/H", align: "right" },
    { head: "IN STOCK", align: "left" },
  ];
  return renderTable(columns, rows, width);
}

/** Renders the clouds that are not in the table: those that failed, and in one line those without a key. */
export function renderClouds(clouds: readonly AskedCloud[], width: number): Line[] {
  const withoutKey = clouds.flatMap(({ on, variables = [] }) =>
    variables.length === 0 ? [] : [`${on} (${variables.join(", ")})`],
  );
  return [
    ...clouds.flatMap(({ on, error }) =>
      error === undefined ? [] : withLabel(styled("yellow", "!"), `${on}: ${error.message}`, 2, width),
    ),
    ...(withoutKey.length === 0
      ? []
      : withLabel(
          styled("dim", "-"),
          `Without a key: ${withoutKey.join(", ")}. Store it: unitrain login <cloud>`,
          2,
          width,
        )),
  ];
}

export const machineColumns: readonly Column[] = [
  { head: "GPUS", align: "left" },
  { head: "CPU", align: "right", givesWay: 3 },
  { head: "RAM", align: "right", givesWay: 2 },
  { head: "DISK", align: "right", givesWay: 4 },
];

/** Returns the cells of {@link machineColumns}. */
export function listMachineCells({ gpu, gpus, cpus, ramBytes, diskBytes }: Quote): string[] {
  const bytes = (value: number | undefined) => (value === undefined ? "-" : formatBytes(value));
  const memory = gpu === undefined ? "" : ` ${formatBytes(gpu.memoryBytes).replace(" GB", "G")}`;
  return [
    gpu === undefined ? (gpus === 0 ? "none" : String(gpus)) : `${gpus}x ${gpu.name}${memory}`,
    cpus === undefined ? "-" : String(cpus),
    bytes(ramBytes),
    bytes(diskBytes),
  ];
}

/** Formats the price of the whole machine in USD per hour, without the currency. */
export function formatHourlyPrice({ priceUsdPerHour }: Quote): string {
  return formatUsd(priceUsdPerHour).replace("$", "");
}

/** Lists regions, as in `sequoia, KEF-3?, not KEF-1`. A question mark means that the availability is unknown. */
function describeStock(offers: readonly Quote[]): string {
  const listRegions = (available: Quote["available"], sign: string) =>
    offers.filter((offer) => offer.available === available).map(({ region = "there" }) => `${region}${sign}`);
  const regions = [...listRegions("yes", ""), ...listRegions("unknown", "?")];
  const gone = listRegions("no", "");
  if (regions.length === 0) return `no (${gone.join(", ")})`;
  return [regions.join(", "), ...(gone.length === 0 ? [] : [`not ${gone.join(", ")}`])].join(", ");
}

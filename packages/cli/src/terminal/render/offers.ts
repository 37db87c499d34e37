import type { Quote } from "@unitrain/core";
import { formatBytes, formatOfferName, formatUsd } from "@unitrain/view";
import type { Line } from "./line.ts";
import { type Column, renderTable } from "./table.ts";

/** Renders each kind of machine once, cheapest first, with the regions that have it in stock. */
export function renderOffers(quotes: readonly Quote[], width: number): Line[] {
  const kinds = Map.groupBy(quotes, (offer) => `${formatOfferName(offer)} ${offer.priceUsdPerHour}`);
  const rows = [...kinds.values()].map((offers) => {
    const [first] = offers;
    return first === undefined
      ? { cells: [] }
      : {
          cells: [
            formatOfferName(first),
            ...listMachineCells(first),
            formatHourlyPrice(first),
            describeStock(offers),
          ],
        };
  });
  const columns: readonly Column[] = [
    { head: "OFFER", align: "left" },
    ...machineColumns,
    { head: "$/H", align: "right" },
    { head: "IN STOCK", align: "left" },
  ];
  return renderTable(columns, rows, width);
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

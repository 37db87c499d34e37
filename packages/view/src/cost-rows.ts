import { type CostPart, formatBytes, formatCount, type Receipt, roundParts } from "@unitrain/core/spec";
import { formatDuration } from "./format/duration.ts";
import { formatUnitPrice } from "./format/figure.ts";
import type { RunView } from "./run-view.ts";

/** What one part of a run on a rented machine took and cost. */
export interface CostRow {
  readonly part: CostPart["part"];
  /** Rounded so that all rows add up to the rounded total; undefined for a cost that is not charged by time. */
  readonly seconds: number | undefined;
  readonly usd: number;
  readonly plannedSeconds: number | undefined;
  readonly remark: string;
}

/** Lists what each part of a run took and cost, beside what was planned. The rows add up to the receipt's total. */
export function listCosts(view: RunView, receipt: Receipt): CostRow[] {
  const costs = receipt.lease.costs ?? [];
  const times = roundParts(
    costs.map(({ seconds }) => seconds),
    calculateDuration(receipt) < 9.95 ? 0.1 : 1,
  );
  return costs.flatMap((cost, index) => {
    const seconds = times[index] ?? 0;
    if (seconds === 0 && cost.usd === 0) return [];
    const planned = view.plan?.prediction?.phases.find(({ phase }) => phase === cost.part);
    return [
      {
        part: cost.part,
        seconds: cost.part === "rounding" ? undefined : seconds,
        usd: cost.usd,
        plannedSeconds: planned?.seconds.likely,
        remark: remark(cost, receipt, view),
      },
    ];
  });
}

/** Returns the seconds from the start of a run to its end. */
export function calculateDuration({ startedAt, endedAt }: Pick<Receipt, "startedAt" | "endedAt">): number {
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}

function remark({ part, seconds, usd }: CostPart, receipt: Receipt, view: RunView): string {
  switch (part) {
    case "upload": {
      const { files, sentBytes, reusedBytes } = receipt.data;
      const sent = `${formatBytes(sentBytes + reusedBytes)}, ${formatCount(files, "file")}`;
      const beside = receipt.phases.find(({ phase }) => phase === "environment")?.seconds ?? 0;
      return beside < 0.5 ? sent : `${sent}; environment at the same time, ${formatDuration(beside)}`;
    }
    case "environment":
      return "after the upload";
    case "epochs": {
      const done = receipt.epochs?.done ?? 0;
      if (done === 0) return "";
      const unit = view.progress?.unit ?? "epoch";
      const each = usd / done;
      const price = each < 0.0005 ? "" : ` and ${formatUnitPrice(each)}`;
      return `${formatCount(done, unit)}, ${formatDuration(seconds / done)}${price} each`;
    }
    case "other":
      return "between phases, or while nobody drove the run";
    case "rounding":
      return "whole billing ticks, or what is due at launch";
    default:
      return "";
  }
}

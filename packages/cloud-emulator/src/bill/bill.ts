import type { CloudState } from "../canopywave/world/records.ts";

/** One thing that was paid for. Times are milliseconds since 1970. */
export interface BillEntry {
  readonly kind: "instance" | "address" | "volume" | "file-system";
  readonly id: string;
  readonly name: string;
  readonly fromMs: number;
  /** `null`: it still costs. */
  readonly toMs: number | null;
  /** Begun seconds up to `toMs` or now. */
  readonly seconds: number;
  readonly usdPerHour: number;
  readonly usd: number;
  /** A colleague's, which is not in `totalUsd`. */
  readonly others: boolean;
}

export interface Bill {
  readonly entries: readonly BillEntry[];
  /** What we owe; not what others do. */
  readonly totalUsd: number;
  /** What existed at a moment, by default only ours. */
  aliveAt(atMs: number): readonly BillEntry[];
  /** The most instances of ours that ever existed at once, optionally only those that `matches` accepts. */
  mostInstancesAtOnce(matches?: (entry: BillEntry) => boolean): number;
}

/** The bill by the second: from launch to gone, whatever the status in between. */
export function makeBill(state: CloudState, nowMs: number): Bill {
  const entries = [
    ...state.instances.map((instance) =>
      entry("instance", instance, instance.launchedAtMs, nowMs, instance.upfrontHours),
    ),
    ...state.addresses.map((address) =>
      entry("address", { ...address, name: address.ip }, address.allocatedAtMs, nowMs),
    ),
    ...state.storage.map((storage) =>
      entry(storage.kind, { ...storage, others: false }, storage.createdAtMs, nowMs),
    ),
  ];
  const ours = entries.filter(({ others }) => !others);
  const aliveAt = (atMs: number) => ours.filter((one) => livedAt(one, atMs));
  return {
    entries,
    totalUsd: ours.reduce((sum, { usd }) => sum + usd, 0),
    aliveAt,
    mostInstancesAtOnce(matches = () => true) {
      const instances = ours.filter((one) => one.kind === "instance" && matches(one));
      // The number only rises where one begins.
      return Math.max(
        0,
        ...instances.map(({ fromMs }) => instances.filter((one) => livedAt(one, fromMs)).length),
      );
    },
  };
}

function livedAt({ fromMs, toMs }: BillEntry, atMs: number): boolean {
  return fromMs <= atMs && (toMs === null || atMs < toMs);
}

function entry(
  kind: BillEntry["kind"],
  record: {
    readonly id: string;
    readonly name: string;
    readonly centsPerHour: number;
    readonly others: boolean;
    readonly goneAtMs: number | null;
  },
  fromMs: number,
  nowMs: number,
  upfrontHours = 0,
): BillEntry {
  const toMs = record.goneAtMs !== null && record.goneAtMs <= nowMs ? record.goneAtMs : null;
  const seconds = Math.max(0, Math.ceil(((toMs ?? nowMs) - fromMs) / 1000));
  const usdPerHour = record.centsPerHour / 100;
  const usd = (Math.max(seconds, upfrontHours * 3600) * usdPerHour) / 3600;
  return {
    kind,
    id: record.id,
    name: record.name,
    fromMs,
    toMs,
    seconds,
    usdPerHour,
    usd,
    others: record.others,
  };
}

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
  readonly isForeign: boolean;
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

/** Something that costs from one moment to another. */
export interface PaidItem {
  readonly kind: BillEntry["kind"];
  readonly id: string;
  readonly name: string;
  readonly centsPerHour: number;
  /** Hours that are charged however short it lives. */
  readonly upfrontHours?: number;
  readonly isForeign: boolean;
  readonly fromMs: number;
  readonly goneAtMs: number | null;
}

/** The bill by the second: from the first moment to gone, whatever the status in between. */
export function makeBill(items: readonly PaidItem[], nowMs: number): Bill {
  const entries = items.map((item) => createEntry(item, nowMs));
  const ours = entries.filter(({ isForeign }) => !isForeign);
  const aliveAt = (atMs: number) => ours.filter((entry) => existedAt(entry, atMs));
  return {
    entries,
    totalUsd: ours.reduce((sum, { usd }) => sum + usd, 0),
    aliveAt,
    mostInstancesAtOnce(matches = () => true) {
      const instances = ours.filter((entry) => entry.kind === "instance" && matches(entry));
      // The number only rises where one begins.
      return Math.max(
        0,
        ...instances.map(({ fromMs }) => instances.filter((entry) => existedAt(entry, fromMs)).length),
      );
    },
  };
}

function existedAt({ fromMs, toMs }: BillEntry, atMs: number): boolean {
  return fromMs <= atMs && (toMs === null || atMs < toMs);
}

function createEntry(item: PaidItem, nowMs: number): BillEntry {
  const { kind, id, name, isForeign, fromMs, goneAtMs, centsPerHour, upfrontHours = 0 } = item;
  const toMs = goneAtMs !== null && goneAtMs <= nowMs ? goneAtMs : null;
  const seconds = Math.max(0, Math.ceil(((toMs ?? nowMs) - fromMs) / 1000));
  const usdPerHour = centsPerHour / 100;
  const usd = (Math.max(seconds, upfrontHours * 3600) * usdPerHour) / 3600;
  return { kind, id, name, fromMs, toMs, seconds, usdPerHour, usd, isForeign };
}

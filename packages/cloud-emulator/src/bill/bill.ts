/** A resource on the bill. Times are milliseconds since 1970. */
export interface BillEntry {
  readonly kind: "instance" | "address" | "volume" | "file-system";
  readonly id: string;
  readonly name: string;
  readonly fromMs: number;
  /** `null` while it still costs money. */
  readonly toMs: number | null;
  /** Started seconds until `toMs`, or until now. */
  readonly seconds: number;
  readonly usdPerHour: number;
  readonly usd: number;
  /** Belongs to a colleague and is not part of `totalUsd`. */
  readonly isForeign: boolean;
}

/** The bill of an emulated cloud. Amounts are in USD. */
export interface Bill {
  readonly entries: readonly BillEntry[];
  /** The cost of our own resources, in USD. */
  readonly totalUsd: number;
  /** Returns our resources that existed at a time. */
  aliveAt(atMs: number): readonly BillEntry[];
  /**
   * Returns the largest number of our instances that existed at the same time, optionally only those that `matches`
   * accepts.
   */
  mostInstancesAtOnce(matches?: (entry: BillEntry) => boolean): number;
}

/** A resource that costs money from one time to another. */
export interface PaidItem {
  readonly kind: BillEntry["kind"];
  readonly id: string;
  readonly name: string;
  readonly centsPerHour: number;
  /** Hours that are charged even if it exists for a shorter time. */
  readonly upfrontHours?: number;
  readonly isForeign: boolean;
  readonly fromMs: number;
  readonly goneAtMs: number | null;
}

/** Creates the bill. Every resource costs money per second from its creation until it is gone, in any status. */
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
      // The number only increases when an instance starts.
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

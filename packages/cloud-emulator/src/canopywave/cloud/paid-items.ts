import type { PaidItem } from "../../bill/bill.ts";
import type { CloudState } from "./records.ts";

/** Lists all resources that this cloud charges for. */
export function listPaidItems({ instances, addresses, storage }: CloudState): readonly PaidItem[] {
  return [
    ...instances.map((item): PaidItem => ({ ...item, kind: "instance", fromMs: item.launchedAtMs })),
    ...addresses.map(
      (item): PaidItem => ({ ...item, kind: "address", name: item.ip, fromMs: item.allocatedAtMs }),
    ),
    ...storage.map((item): PaidItem => ({ ...item, isForeign: false, fromMs: item.createdAtMs })),
  ];
}

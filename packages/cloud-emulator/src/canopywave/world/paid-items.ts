import type { PaidItem } from "../../bill/bill.ts";
import type { CloudState } from "./records.ts";

/** Everything that this cloud charges for. */
export function paidItems({ instances, addresses, storage }: CloudState): readonly PaidItem[] {
  return [
    ...instances.map((one): PaidItem => ({ ...one, kind: "instance", fromMs: one.launchedAtMs })),
    ...addresses.map(
      (one): PaidItem => ({ ...one, kind: "address", name: one.ip, fromMs: one.allocatedAtMs }),
    ),
    ...storage.map((one): PaidItem => ({ ...one, others: false, fromMs: one.createdAtMs })),
  ];
}

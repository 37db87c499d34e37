import type { CallContext, Resource } from "@unitrain/core/spec";
import type { Api, Item, Kind } from "./api.ts";

/** Everything that a machine consists of, in the order in which it is created. */
export const kinds = ["ssh-key", "instance"] as const satisfies readonly Kind[];

// 7. Name every resource after the lease, so that it is found by its name alone. `free` says that it costs nothing by itself.
export function describeResource(kind: Kind, name: string): Resource {
  return { kind, name, onRelease: "delete", ...(kind === "ssh-key" ? { free: true } : {}) };
}

/** Finds all resources at the cloud that a ledger entry may mean. After a lost answer there may be two of one name. */
export async function findItems(
  api: Api,
  resource: Resource,
  context: CallContext,
): Promise<readonly Item[]> {
  const items = await api.list(resource.kind as Kind, context);
  return items.filter(({ id, name }) => id === resource.id || name === resource.name);
}

/** Lists everything in the account that unitrain has created, so that it is found even if the ledger is lost. */
export async function listOurs(api: Api, context: CallContext): Promise<readonly Resource[]> {
  const lists = await Promise.all(
    kinds.map(async (kind) =>
      (await api.list(kind, context))
        .filter(({ name }) => /^unitrain-\w{6}-\d{8}-\d{6}-\w{4}-\d+$/.test(name))
        .map(({ name, id }) => ({ ...describeResource(kind, name), id })),
    ),
  );
  return lists.flat();
}

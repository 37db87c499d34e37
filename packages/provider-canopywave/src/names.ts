import type { Resource } from "@unitrain/core/spec";
import * as z from "zod";

/** What we store in the ledger for each resource. All of it may be missing, because `gc` may know only names. */
const referenceSchema = z.object({
  project: z.string().optional(),
  /** All regions in which it was requested. */
  regions: z.array(z.string()).readonly().optional(),
  /** False while it was only planned, or after a definite refusal: then there is nothing to look for. */
  asked: z.boolean().optional(),
  /** The provider showed this id under our name, so it is ours even when renamed, and a 404 means that it is gone. */
  seen: z.boolean().optional(),
  /** Ids of the addresses that existed before ours was requested. */
  before: z.array(z.string()).readonly().optional(),
  /** Ids of addresses of which one is ours, when it cannot be told which. */
  possible: z.array(z.string()).readonly().optional(),
  ip: z.string().optional(),
});
export type Reference = z.infer<typeof referenceSchema>;

export type Kind = "instance" | "ssh-key" | "address";

/** Marks a key as free. An instance and an address cost money from their first second. */
export function describeCost(kind: Kind): { readonly free?: true } {
  return kind === "ssh-key" ? { free: true } : {};
}

/** Returns the name that all resources of a lease have. */
export function getResourceName(leaseId: string): string {
  return `unitrain-${leaseId}`;
}

/** Whether a name has the form `unitrain-<installation>-<run>-<n>`. */
export function matchesNamingScheme(name: string): boolean {
  return /^unitrain-[a-z0-9]{6}-\d{8}-\d{6}-[a-z0-9]{4}-\d+$/.test(name);
}

export function readReference(resource: Resource): Reference {
  return referenceSchema.safeParse(resource.reference).data ?? {};
}

/** Whether the id certainly existed and is ours: the provider showed it under our name, or core saw it run. */
export function wasSeen(resource: Resource): boolean {
  return (
    resource.id !== undefined && (readReference(resource).seen === true || resource.seenAt !== undefined)
  );
}

/** Lists the regions where a resource may be: its recorded one, and all others that were tried. */
export function listRegions(resource: Resource): readonly string[] {
  const { regions = [] } = readReference(resource);
  return [...new Set([...(resource.region === undefined ? [] : [resource.region]), ...regions])];
}

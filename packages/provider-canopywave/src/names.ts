import type { Resource } from "@unitrain/core/spec";
import * as z from "zod";

/** What the ledger keeps for us beside each resource. All of it may be missing: `gc` may have nothing but names. */
const referenceSchema = z.object({
  project: z.string().optional(),
  /** Everywhere it was asked for. */
  regions: z.array(z.string()).readonly().optional(),
  /** False while it was only intended, or when the answer was a clear no: then there is nothing to look for. */
  asked: z.boolean().optional(),
  /** The provider showed this id under our name: so it is ours whatever it is called now, and a 404 means that it is gone. */
  seen: z.boolean().optional(),
  /** Ids of the addresses that were there before ours was asked for. */
  before: z.array(z.string()).readonly().optional(),
  /** One of these is ours, and nobody can tell which. */
  possible: z.array(z.string()).readonly().optional(),
  ip: z.string().optional(),
});
export type Reference = z.infer<typeof referenceSchema>;

export type Kind = "instance" | "ssh-key" | "address";

/** A registered key costs nothing; an instance and an address do from their first second. */
export function describeCost(kind: Kind): { readonly free?: true } {
  return kind === "ssh-key" ? { free: true } : {};
}

/** Everything of a lease carries this one name. */
export function getResourceName(leaseId: string): string {
  return `unitrain-${leaseId}`;
}

/** `unitrain-<installation>-<run>-<n>`, as core makes them. */
export function matchesNamingScheme(name: string): boolean {
  return /^unitrain-[a-z0-9]{6}-\d{8}-\d{6}-[a-z0-9]{4}-\d+$/.test(name);
}

export function readReference(resource: Resource): Reference {
  return referenceSchema.safeParse(resource.reference).data ?? {};
}

/** Whether its id is known to be ours and to have existed: the provider showed it under our name, or core saw it run. */
export function wasSeen(resource: Resource): boolean {
  return (
    resource.id !== undefined && (readReference(resource).seen === true || resource.seenAt !== undefined)
  );
}

/** Where it may be: the region it is noted with, and every other one that was tried. */
export function listRegions(resource: Resource): readonly string[] {
  const { regions = [] } = readReference(resource);
  return [...new Set([...(resource.region === undefined ? [] : [resource.region]), ...regions])];
}

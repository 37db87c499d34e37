import type { Resource } from "@unitrain/core/spec";
import * as z from "zod";

/** What we store in the ledger for each resource. All of it may be missing, because `gc` may know only names. */
const referenceSchema = z.object({
  /** False while it was only planned, or after a definite refusal: then there is nothing to look for. */
  asked: z.boolean().optional(),
  /** Lambda showed this id under our name, so it is ours even when renamed, and a 404 means that it is gone. */
  seen: z.boolean().optional(),
  /** Fingerprint of the API key that rented it: the key of another account sees nothing of ours. */
  key: z.string().optional(),
});
export type Reference = z.infer<typeof referenceSchema>;

export type Kind = "instance" | "ssh-key";

/** Returns the name that all resources of a lease have. Lambda allows 64 characters, and several instances of one name. */
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

/** Whether the id certainly existed and is ours: Lambda showed it under our name, or core saw it run. */
export function wasSeen(resource: Resource): boolean {
  return (
    resource.id !== undefined && (readReference(resource).seen === true || resource.seenAt !== undefined)
  );
}

/** Describes one resource for the ledger. A key costs nothing. */
export function describeResource(
  kind: Kind,
  name: string,
  details: { readonly id?: string | undefined; readonly region?: string | undefined } & Reference,
): Resource {
  const { id, region, ...reference } = details;
  return {
    kind,
    name,
    ...(id === undefined ? {} : { id }),
    ...(region === undefined ? {} : { region }),
    onRelease: "delete",
    ...(kind === "ssh-key" ? { free: true } : {}),
    reference,
  };
}

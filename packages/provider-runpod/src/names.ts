import type { Resource } from "@unitrain/core/spec";
import * as z from "zod";

/** What we store in the ledger for the pod. All of it may be missing, because `gc` may know only names. */
const referenceSchema = z.object({
  /** False while it was only planned, or after a definite refusal: then there is nothing to look for. */
  asked: z.boolean().optional(),
  /** RunPod showed this id under our name, so it is ours even when renamed, and a 404 means that it is gone. */
  seen: z.boolean().optional(),
  /** RunPod may take the pod away: a stop that nobody asked for is a preemption. */
  interruptible: z.boolean().optional(),
  /** Fingerprint of the API key that rented it. */
  key: z.string().optional(),
  /** Id of the account, for the time when the key has been replaced by another one of the same account. */
  account: z.string().optional(),
});
export type Reference = z.infer<typeof referenceSchema>;

/** Returns the name of the pod of a lease. RunPod allows several pods of one name, so names alone do not make it unique. */
export function getPodName(leaseId: string): string {
  return `unitrain-${leaseId}`;
}

/** Whether a name has the form `unitrain-<installation>-<run>-<n>`. */
export function matchesNamingScheme(name: string): boolean {
  return /^unitrain-[a-z0-9]{6}-\d{8}-\d{6}-[a-z0-9]{4}-\d+$/.test(name);
}

export function readReference(resource: Resource): Reference {
  return referenceSchema.safeParse(resource.reference).data ?? {};
}

/** Whether the id certainly existed and is ours: RunPod showed it under our name, or core saw it run. */
export function wasSeen(resource: Resource): boolean {
  return (
    resource.id !== undefined && (readReference(resource).seen === true || resource.seenAt !== undefined)
  );
}

export function describePod(
  name: string,
  { id, ...reference }: { readonly id?: string | undefined } & Reference,
): Resource {
  return { kind: "pod", name, ...(id === undefined ? {} : { id }), onRelease: "delete", reference };
}

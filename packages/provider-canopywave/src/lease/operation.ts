import type { LeaseContext, Resource } from "@unitrain/core/spec";
import type { Calls, Place } from "../api/calls.ts";
import type { Choice } from "../choose/choice.ts";
import { describeCost, type Kind, type Reference } from "../names.ts";

/** Everything that a step of renting needs. */
export interface LeaseOperation {
  readonly calls: Calls;
  readonly context: LeaseContext;
  readonly choice: Choice;
  /** Of everything of this lease. */
  readonly name: string;
  /** Where it is tried now. */
  readonly place: Place;
  /** Everywhere it was tried so far, with the present one. */
  readonly regions: readonly string[];
  readonly reuseIp: boolean;
  readonly pollMs: number;
  readonly now: () => number;
}

/** Thrown when nobody wants the machine any more: no fault. */
export const stopRequested = Symbol("unwanted");

export function stopWhenRequested({ context }: LeaseOperation): void {
  if (context.stopSignal.aborted) throw stopRequested;
}

/** Waits, but not for what nobody wants. */
export async function pause({ context }: LeaseOperation, ms: number): Promise<void> {
  let end = () => {};
  const whenStopped = new Promise<never>((_resolve, reject) => {
    end = () => reject(stopRequested);
    if (context.stopSignal.aborted) end();
    context.stopSignal.addEventListener("abort", end, { once: true });
  });
  const wait = context.wait(ms);
  wait.catch(() => {});
  try {
    await Promise.race([wait, whenStopped]);
  } finally {
    context.stopSignal.removeEventListener("abort", end);
  }
}

/** What of one kind is known now, as it goes to the ledger. */
export function describeResource(
  { name, place, regions }: LeaseOperation,
  kind: Kind,
  details: { readonly id?: string; readonly onRelease?: Resource["onRelease"] } & Reference,
): Resource {
  const { id, onRelease = "delete", ...reference } = details;
  return {
    kind,
    name,
    ...(id === undefined ? {} : { id }),
    region: place.region,
    onRelease,
    ...describeCost(kind),
    reference: { project: place.project, regions, asked: true, ...reference },
  };
}

import type { LeaseContext, Resource } from "@unitrain/core/spec";
import type { Calls, Place } from "../api/calls.ts";
import type { Choice } from "../choose/choice.ts";
import { describeCost, type Kind, type Reference } from "../names.ts";

/** Everything that a step of renting needs. */
export interface LeaseOperation {
  readonly calls: Calls;
  readonly context: LeaseContext;
  readonly choice: Choice;
  /** Name of all resources of this lease. */
  readonly name: string;
  /** The project and region that are tried now. */
  readonly place: Place;
  /** All regions that were tried so far, including the present one. */
  readonly regions: readonly string[];
  readonly reuseIp: boolean;
  readonly pollMs: number;
  readonly now: () => number;
}

/** Thrown to leave renting when the run was stopped. It is not an error. */
export const stopRequested = Symbol("stop requested");

export function stopWhenRequested({ context }: LeaseOperation): void {
  if (context.stopSignal.aborted) throw stopRequested;
}

/** Waits, and throws at once when the run is stopped. */
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

/** Describes one resource for the ledger. */
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

import { pauseUntilStopped, stopWhenRequested as stopWhenStopped } from "@unitrain/core/http";
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

export function stopWhenRequested({ context }: LeaseOperation): void {
  stopWhenStopped(context);
}

/** Waits, and throws at once when the run is stopped. */
export function pause({ context }: LeaseOperation, ms: number): Promise<void> {
  return pauseUntilStopped(context, ms);
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

import type {
  AdapterDescriptor,
  Deadline,
  Machine,
  MachineFacts,
  Plan,
  Quote,
  ReleaseProof,
  Resource,
} from "../spec/index.ts";
import type { LeaseHolder } from "./lease-entry.ts";
import type { LedgerEntry } from "./ledger-entry.ts";

/** The period in which one attempt held the lease, in ISO 8601. Without `until` the attempt still holds it. */
export interface Holding extends LeaseHolder {
  readonly from: string;
  readonly until?: string;
}

/** The state of a lease according to its ledger. */
export interface LeaseState {
  readonly id?: string;
  readonly provider?: Plan["provider"];
  readonly transport?: AdapterDescriptor;
  readonly quote?: Quote;
  readonly workingFolder?: string;
  /** The limit of the run that holds it. */
  readonly deadline?: Deadline;
  /** Periods in which attempts held the lease, in order and without overlap. Between two of them the machine was idle. */
  readonly holdings: readonly Holding[];
  /** When the machine is released. Only set while it is idle. */
  readonly keepUntil?: string;
  /** All resources that are not confirmed gone, with the latest information about each. */
  readonly unreleased: readonly Resource[];
  readonly proofs: readonly ReleaseProof[];
  /** Whether a resource may have been requested. */
  readonly isRequested: boolean;
  /** Whether renting has finished, so that nothing more is requested. */
  readonly isLeased: boolean;
  /** When the first resource that costs money was known to exist. */
  readonly paidSince?: string;
  /** When the machine was first connected to and ready. */
  readonly connectedAt?: string;
  readonly machine?: Machine;
  readonly facts?: MachineFacts;
  /** Whether a process has started to release the lease. */
  readonly releasing: boolean;
  readonly releaseUnconfirmed: boolean;
  /** Why the provider did not confirm the release. */
  readonly unconfirmedReason?: string;
}

export type LeaseStage =
  | "planned"
  | "allocating"
  | "held"
  | "idle"
  | "releasing"
  | "released"
  | "unconfirmed";

export const emptyLease: LeaseState = {
  holdings: [],
  unreleased: [],
  proofs: [],
  isRequested: false,
  isLeased: false,
  releasing: false,
  releaseUnconfirmed: false,
};

/** Returns the state after one more entry. Entries about runs do not change it. This function is pure. */
export function applyLeaseEntry(state: LeaseState, entry: LedgerEntry): LeaseState {
  switch (entry.type) {
    case "planned":
      return plannedFrom(state, entry.at, entry);
    case "intent":
      // In the first format a run and its lease shared a ledger. It is still read, because its resources may cost money.
      return entry.leaseId === undefined ? state : plannedFrom(state, entry.at, ofOneLedger(entry));
    case "resource":
      return {
        ...state,
        isRequested: true,
        unreleased: withResource(state.unreleased, entry.resource),
        ...(state.paidSince === undefined && costs(entry.resource) ? { paidSince: entry.at } : {}),
      };
    case "leased":
      return { ...state, isLeased: true };
    case "held": {
      const { keepUntil: _idleIsOver, deadline: _ofTheLastHolder, ...rest } = state;
      const held = { ...entry.holder, from: entry.at };
      const holdings = [...endedAt(state.holdings, entry.at), held];
      return { ...rest, holdings, ...(entry.deadline === undefined ? {} : { deadline: entry.deadline }) };
    }
    case "connected":
      return {
        ...state,
        machine: entry.machine,
        facts: entry.facts,
        connectedAt: state.connectedAt ?? entry.at,
      };
    case "idle": {
      const { deadline: _ofTheLastHolder, ...rest } = state;
      return { ...rest, holdings: endedAt(state.holdings, entry.at), keepUntil: entry.keepUntil };
    }
    case "releasing":
      return { ...state, releasing: true };
    case "released":
      return {
        ...state,
        proofs: [...state.proofs, ...entry.proofs],
        unreleased: state.unreleased.filter(
          (resource) => !entry.proofs.some((proof) => isSameResource(proof.resource, resource)),
        ),
        releaseUnconfirmed: false,
      };
    case "release-unconfirmed":
      return { ...state, releaseUnconfirmed: true, unconfirmedReason: entry.reason };
    default:
      return state;
  }
}

/** Returns the stage of a lease, from its plan to the confirmed release of all its resources. */
export function getLeaseStage(state: LeaseState): LeaseStage {
  if (state.releaseUnconfirmed) return "unconfirmed";
  if (state.releasing) return state.unreleased.length === 0 ? "released" : "releasing";
  if (state.keepUntil !== undefined) return "idle";
  if (state.isLeased) return "held";
  return state.isRequested ? "allocating" : "planned";
}

/** Returns the attempt that holds the lease, or held it when it was released. Returns undefined while it is idle. */
export function findHolder({ holdings }: LeaseState): LeaseHolder | undefined {
  const last = holdings.at(-1);
  return last?.until === undefined ? last : undefined;
}

/** Whether a ledger contains a lease. Run ledgers contain one only in the first format. */
export function isOfLease({ id, unreleased, proofs, isLeased, releasing }: LeaseState): boolean {
  return id !== undefined || unreleased.length > 0 || proofs.length > 0 || isLeased || releasing;
}

/** Whether two records mean the same resource. If both have an id, the ids decide. */
export function isSameResource(a: Resource, b: Resource): boolean {
  if (a.kind !== b.kind || a.name !== b.name) return false;
  return a.id === undefined || b.id === undefined || a.id === b.id;
}

type Entry<Type extends LedgerEntry["type"]> = Extract<LedgerEntry, { readonly type: Type }>;
type Planned = Omit<Entry<"planned">, "v" | "seq" | "at" | "type">;

function plannedFrom(state: LeaseState, at: string, planned: Planned): LeaseState {
  const { leaseId, provider, transport, quote, holder, deadline, workingFolder } = planned;
  return {
    ...state,
    id: leaseId,
    provider,
    transport,
    quote,
    holdings: [{ ...holder, from: at }],
    ...(deadline === undefined ? {} : { deadline }),
    ...(workingFolder === undefined ? {} : { workingFolder }),
    unreleased: planned.resources.filter((resource) => resource.onRelease === "delete"),
  };
}

function ofOneLedger({ plan, leaseId = "", resources = [], ...entry }: Entry<"intent">): Planned {
  const { provider, transport, quote, runId } = plan;
  const { deadline, workingFolder } = entry;
  return {
    leaseId,
    provider,
    transport,
    quote,
    resources,
    holder: { runId, attempt: 1 },
    ...(deadline === undefined ? {} : { deadline }),
    ...(workingFolder === undefined ? {} : { workingFolder }),
  };
}

function endedAt(holdings: readonly Holding[], until: string): readonly Holding[] {
  const last = holdings.at(-1);
  if (last === undefined || last.until !== undefined) return holdings;
  return [...holdings.slice(0, -1), { ...last, until }];
}

/** Whether the resource exists and costs money. Only a resource with an id exists; a launch that never happened cost nothing. */
function costs(resource: Resource): boolean {
  return resource.onRelease === "delete" && resource.free !== true && resource.id !== undefined;
}

function withResource(resources: readonly Resource[], resource: Resource): readonly Resource[] {
  const rest = resources.filter((existing) => !isSameResource(existing, resource));
  return resource.onRelease === "delete" ? [...rest, resource] : rest;
}

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

/** The attempt of a run that holds a lease. */
export interface LeaseHolder {
  readonly runId: string;
  readonly attempt: number;
}

/** What can be written down of a lease, in the order in which it happens. */
export type LeaseEntryBody =
  /** Before anything is requested: everything paid that may come of it, and all that another process needs to release it. */
  | {
      readonly type: "planned";
      readonly leaseId: string;
      readonly provider: Plan["provider"];
      readonly transport: AdapterDescriptor;
      readonly quote: Quote;
      readonly resources: readonly Resource[];
      /** The run and attempt that the lease is for. */
      readonly holder: LeaseHolder;
      readonly deadline?: Deadline;
      /** Where the user's own packages are, for the process that creates the adapters again. */
      readonly workingFolder?: string;
    }
  /** Before and after each paid call. The same kind and name is the same resource, known better. */
  | { readonly type: "resource"; readonly resource: Resource }
  /** `Provider.lease` returned: nothing more is requested. */
  | { readonly type: "leased" }
  /** A machine that was kept is held by the next attempt. */
  | { readonly type: "held"; readonly holder: LeaseHolder; readonly deadline?: Deadline }
  | { readonly type: "connected"; readonly machine: Machine; readonly facts: MachineFacts }
  /** No attempt holds the machine any more. It is kept until then for the next one, and released afterwards. */
  | { readonly type: "idle"; readonly keepUntil: string }
  | { readonly type: "releasing" }
  | { readonly type: "released"; readonly proofs: readonly ReleaseProof[] }
  | {
      readonly type: "release-unconfirmed";
      readonly resources: readonly Resource[];
      readonly reason: string;
    };

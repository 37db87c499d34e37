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

/** An entry of a lease's ledger. The types are listed in the order in which they occur. */
export type LeaseEntryBody =
  /** Written before anything is requested: all resources that may be created, and all that another process needs to release them. */
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
      /** The folder from which another process resolves the user's packages to create the adapters. */
      readonly workingFolder?: string;
    }
  /** Written before and after each paid call. An entry with the same kind and name updates the resource. */
  | { readonly type: "resource"; readonly resource: Resource }
  /** `Provider.lease` has returned, so nothing more is requested. */
  | { readonly type: "leased" }
  /** An attempt has taken the kept machine. */
  | { readonly type: "held"; readonly holder: LeaseHolder; readonly deadline?: Deadline }
  | { readonly type: "connected"; readonly machine: Machine; readonly facts: MachineFacts }
  /** No attempt holds the machine any more. It is kept for the next one until `keepUntil`, then released. */
  | { readonly type: "idle"; readonly keepUntil: string }
  | { readonly type: "releasing" }
  | { readonly type: "released"; readonly proofs: readonly ReleaseProof[] }
  | {
      readonly type: "release-unconfirmed";
      readonly resources: readonly Resource[];
      readonly reason: string;
    };

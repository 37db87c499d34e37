import type { FileContents, Plan, Provider, Transport } from "../spec/index.ts";
import type { HashedManifest } from "./hash-manifest.ts";

/** What `plan` has read from the dataset, and `start` uses again. */
export interface KeptData {
  readonly shipment: HashedManifest;
  /** The digest of the list that was passed to the `ship` hooks; undefined if they returned the same manifest. */
  readonly listing: string | undefined;
  /** The paths that the check depends on; undefined if the framework must check again. */
  readonly inspected: { readonly paths: readonly string[]; readonly snapshot: string } | undefined;
}

/** What `plan` has found and `start` needs again. */
export interface PreparedRun {
  readonly provider: Provider;
  readonly transport: Transport;
  readonly data: KeptData;
}

/** Remembers what each plan of this process was made from, so that data is read once and hooks are called once. */
export class PlanMemory {
  /** The key is an object that copies of a plan share. An entry lives as long as the plan. */
  readonly #prepared = new WeakMap<Plan["data"], PreparedRun>();
  #lastContents: FileContents | undefined;

  /** The contents of the last plan's files, so that another plan of the same files need not read them again. */
  get lastContents(): FileContents | undefined {
    return this.#lastContents;
  }

  keep({ data }: Plan, prepared: PreparedRun): void {
    this.#prepared.set(data, prepared);
    this.#lastContents = prepared.data.shipment.reading.contents;
  }

  get({ data }: Plan): PreparedRun | undefined {
    return this.#prepared.get(data);
  }
}

import type { FileContents, Plan, Provider, Transport } from "../spec/index.ts";
import type { HashedManifest } from "./hash-manifest.ts";

/** What is known of a plan's dataset. */
export interface KeptData {
  readonly shipment: HashedManifest;
  /** Of what the `ship` hooks were given, where they made something else of it. */
  readonly listing: string | undefined;
  /** Undefined where the framework must be asked again. */
  readonly inspected: { readonly paths: readonly string[]; readonly snapshot: string } | undefined;
}

/** What `plan` has found out and `start` needs again. */
export interface PreparedRun {
  readonly provider: Provider;
  readonly transport: Transport;
  readonly data: KeptData;
}

/** Keeps, beside each plan of this process, what it was made of, so that data is read once and hooks are called once. */
export class PlanMemory {
  /** By a part that copies of a plan share. As long as somebody holds the plan. */
  readonly #prepared = new WeakMap<Plan["data"], PreparedRun>();
  #lastContents: FileContents | undefined;

  /** Of the last plan: another plan of the same files need not read them again. */
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

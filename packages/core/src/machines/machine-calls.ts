import type {
  EnvironmentRoom,
  Machine,
  MachineFacts,
  NotReady,
  Quote,
  ReleaseProof,
  Resource,
} from "../spec/index.ts";
import type { StoredItem } from "./stored-item.ts";

/** How a provider or its machine is asked something. */
export interface MachineCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Short messages for a person while the answer is awaited. */
  readonly showStatus?: ((message: string) => void) | undefined;
}

/** What can be asked of a provider and of its machine without training anything. Nothing here spends money. */
export interface MachineCalls {
  /**
   * Lists what the provider rents out.
   *
   * @throws UnitrainError `NOT_AVAILABLE` when it rents nothing out that could be listed.
   */
  offers(options?: MachineCallOptions): Promise<readonly Quote[]>;
  /** Connects to the machine and reads what it has. Of a machine that would have to be rented, only the offer is read. */
  inspect(options?: MachineCallOptions): Promise<Inspection>;
  /**
   * Removes runs, datasets and environments from a machine that is not rented.
   *
   * @throws UnitrainError `NOT_AVAILABLE` for a rented machine; `NOT_READY` when the machine cannot be reached.
   */
  clean(options: CleanOptions): Promise<CleanReport>;
  /**
   * Lists what carries our naming scheme at the provider and is in no ledger here: for when the ledger is lost. Not only this
   * computer's: another installation of the same account names its things alike, so ask before ending them.
   *
   * @throws UnitrainError `NOT_AVAILABLE` when the provider cannot list.
   */
  listUntracked(signal?: AbortSignal): Promise<readonly Resource[]>;
  /** Ends untracked resources; answers what is confirmed gone. */
  releaseUntracked(untracked: readonly Resource[], signal?: AbortSignal): Promise<readonly ReleaseProof[]>;
}

/** What `inspect` found. */
export type Inspection =
  | { readonly state: "for-rent"; readonly quote: Quote; readonly offers: readonly Quote[] }
  | { readonly state: "unreachable"; readonly answer: NotReady }
  | {
      readonly state: "connected";
      readonly machine: Machine;
      readonly connectedAfterSeconds: number;
      readonly facts: MachineFacts;
      /** Disk room that the framework's environment takes there; absent without a framework. */
      readonly environmentRoom?: EnvironmentRoom;
      /** What of ours takes room there, or why it cannot be listed. */
      readonly stored: { readonly items: readonly StoredItem[] } | { readonly problem: string };
    };

export interface CleanOptions extends MachineCallOptions {
  /** Answers which of the items to remove. Items in use are listed too, and never removed. */
  readonly choose: (items: readonly StoredItem[]) => Promise<readonly StoredItem[]>;
}

export interface CleanReport {
  readonly items: readonly StoredItem[];
  readonly chosen: readonly StoredItem[];
  readonly removed: readonly StoredItem[];
}

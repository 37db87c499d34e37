import type {
  EnvironmentRoom,
  Machine,
  MachineFacts,
  MachineRequest,
  NotReady,
  Quote,
  ReleaseProof,
  Resource,
} from "../spec/index.ts";
import type { StoredItem } from "./stored-item.ts";

/** The options of calls to a provider or its machine. */
export interface MachineCallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
  /** Gets short messages for the user during the call. */
  readonly showStatus?: ((message: string) => void) | undefined;
}

/**
 * The calls to a provider and its machine that need no framework. None of them spends money. Besides the errors named below, each
 * throws the errors of the adapter, `ADAPTER_FAILED`, `TIMED_OUT`, and `CANCELLED` once its signal aborts.
 */
export interface MachineCalls {
  /**
   * Lists the offers of the provider.
   *
   * @throws UnitrainError `NOT_AVAILABLE` if the provider rents nothing out.
   */
  offers(options?: MachineCallOptions): Promise<readonly Quote[]>;
  /**
   * Returns the offer that a plan with this request would rent. If the calls were opened with a framework, the offer has room for it,
   * and the framework accepts it.
   *
   * @throws UnitrainError `NOT_AVAILABLE`, `OUT_OF_STOCK` or `INVALID_OPTIONS` if no offer fits.
   */
  quote(request?: Partial<MachineRequest>, options?: MachineCallOptions): Promise<Quote>;
  /**
   * Connects to the machine and reads what it has. If the machine would have to be rented, reads only the offer.
   *
   * @throws UnitrainError `NOT_READY` if the machine is not running.
   */
  inspect(options?: MachineCallOptions): Promise<Inspection>;
  /**
   * Removes runs, datasets and environments from a borrowed machine.
   *
   * @throws UnitrainError `NOT_AVAILABLE` for a rented machine; `NOT_READY` if the machine cannot be reached; `REMOTE_COMMAND` if its
   * files cannot be listed.
   */
  clean(options: CleanOptions): Promise<CleanReport>;
  /**
   * Lists resources at the provider whose names follow unitrain's naming scheme and that are in no ledger of this computer, for the
   * case that a ledger is lost. They may belong to another computer that uses the same account, so ask before you release them.
   *
   * @throws UnitrainError `NOT_AVAILABLE` if the provider cannot list its resources.
   */
  listUntracked(signal?: AbortSignal): Promise<readonly Resource[]>;
  /** Releases untracked resources and returns a proof for each one that is confirmed gone. */
  releaseUntracked(untracked: readonly Resource[], signal?: AbortSignal): Promise<readonly ReleaseProof[]>;
}

/** The result of `inspect()`. */
export type Inspection =
  /** The machine would have to be rented. */
  | { readonly state: "for-rent"; readonly quote: Quote; readonly offers: readonly Quote[] }
  /** No connection was possible; `answer` holds the reason. */
  | { readonly state: "unreachable"; readonly answer: NotReady }
  | {
      readonly state: "connected";
      readonly machine: Machine;
      readonly connectedAfterSeconds: number;
      readonly facts: MachineFacts;
      /** The disk space that the framework's environment takes there; left out without a framework. */
      readonly environmentRoom?: EnvironmentRoom;
      /** What unitrain stores on the machine, or why it cannot be listed. */
      readonly stored: { readonly items: readonly StoredItem[] } | { readonly problem: string };
    };

/** The options of `clean()`. */
export interface CleanOptions extends MachineCallOptions {
  /** Returns the items to remove. It gets the items that are in use too, but they are never removed. */
  readonly choose: (items: readonly StoredItem[]) => Promise<readonly StoredItem[]>;
}

/** The result of `clean()`. */
export interface CleanReport {
  /** Everything that unitrain stores on the machine. */
  readonly items: readonly StoredItem[];
  /** The items that `choose` returned and that are not in use. */
  readonly chosen: readonly StoredItem[];
  /** The chosen items that were removed. */
  readonly removed: readonly StoredItem[];
}

import type { AdapterRecipe, MachineRequest, Provider } from "@unitrain/core/spec";
import type { SuiteClock } from "../suite/clock.ts";

/** A resource as the cloud itself knows it, not as the provider reports it. */
export interface ExistingResource {
  readonly kind: string;
  readonly id: string;
  /** Left out if the cloud cannot name it, as an address. */
  readonly name?: string;
  /** Whether it costs nothing by itself, as an SSH key does. */
  readonly isFree: boolean;
}

/**
 * What the author's fake cloud can do wrong. Where a kind of resource is passed, only the requests that create this kind are affected.
 * Faults without a count last until `clearFaults`.
 */
export interface ProviderFaults {
  /** The next request that creates a resource of this kind takes effect, and its answer is lost. */
  readonly "lost-answer"?: (kind: string) => void | Promise<void>;
  /** The next request that creates a resource of this kind creates two of them under one name. */
  readonly "created-twice"?: (kind: string) => void | Promise<void>;
  /** The next request to delete the machine is answered well and takes no effect. */
  readonly "ignored-delete"?: () => void | Promise<void>;
  /** The next look at the machine, by its id or in a list, finds nothing, although it exists. */
  readonly "missing-once"?: () => void | Promise<void>;
  /** The machine is deleted by somebody else. */
  readonly "machine-lost"?: () => void | Promise<void>;
  /** The machine has a status that is not in the cloud's documentation. */
  readonly "unknown-status"?: () => void | Promise<void>;
  /** The next two requests are refused because there were too many. */
  readonly "rate-limit"?: () => void | Promise<void>;
  /** Requests for a machine are refused, because there is none left. */
  readonly "out-of-stock"?: () => void | Promise<void>;
  /** The price has risen since the quote. */
  readonly "price-raised"?: () => void | Promise<void>;
  /** Every request fails, as during an outage. */
  readonly outage?: () => void | Promise<void>;
  /** No request is ever answered. */
  readonly silence?: () => void | Promise<void>;
  /** Every request is refused, because the key is no longer valid. */
  readonly unauthorized?: () => void | Promise<void>;
  /** Others own so many resources that every list has several pages. */
  readonly "many-others"?: () => void | Promise<void>;
  /** The texts in answers contain terminal escape codes. */
  readonly "hostile-text"?: () => void | Promise<void>;
  /** Every request is refused, and the error repeats the key. */
  readonly "echoed-secret"?: () => void | Promise<void>;
}

/** What a rule may need of a provider and its test setup. An author lists the ones that are missing in `lacks`. */
export type ProviderAbility =
  /** It rents machines out; without it the provider is `borrowed`. */
  | "rental"
  | "recipe"
  | "list"
  | "self-release"
  /** It uses secrets, which `secrets` of the setup names. */
  | "secrets"
  | keyof ProviderFaults;

/** A provider with a fake cloud, created anew for each check. */
export interface ProviderSubject {
  readonly provider: Provider;
  /** Creates the provider as another process does, from its recipe, for the same cloud. By default the same object is used. */
  readonly recreate?: (recipe: AdapterRecipe) => Provider;
  /** Lists everything that exists in the account, by the cloud's own state. */
  readonly listExisting: () => readonly ExistingResource[] | Promise<readonly ExistingResource[]>;
  /** The values of the secrets that the provider uses. */
  readonly secrets?: readonly string[];
  /** A request that an offer can meet. By default a machine with 1 GB of disk. */
  readonly request?: MachineRequest;
  /** The clock of the cloud and of `context.wait`, such as `virtualClock()`. By default the computer's own. */
  readonly clock?: SuiteClock;
  /** Real milliseconds within which `lease` and `release` must end. By default one minute, which a real cloud needs more of. */
  readonly callLimitMs?: number;
  readonly faults?: ProviderFaults;
  /** Ends all faults. */
  readonly clearFaults?: () => void;
  readonly close?: () => void | Promise<void>;
}

import type { CallContext, RunContext } from "./call-context.ts";
import type { Command } from "./command.ts";
import type { ConnectionKind, MachineState } from "./machine.ts";
import type { MachineRequest, Quote } from "./quote.ts";
import type { AdapterRecipe } from "./recipe.ts";
import type { ReleaseProof, Resource } from "./resource.ts";
import type { SpecVersion } from "./spec-version.ts";
import type { Transport } from "./transport.ts";

/** A command that a provider needs to run once on each machine that it rents out. */
export interface FirstBootStep {
  /** Runs after connecting, before anything is installed. It must also exit with 0 if there was nothing to do. */
  readonly command: Command;
  /** The warning to show if the command fails; the run continues. */
  readonly failureMessage: string;
}

/** The context of `Provider.lease`. */
export interface LeaseContext extends RunContext {
  /** The OpenSSH public key that the machine must accept, if the transport created one. The private key never leaves this computer. */
  readonly publicKey?: string;
  /**
   * Writes a resource to the ledger and resolves once it is on disk. Call it before and after each paid request. If it rejects, make
   * no further request.
   */
  readonly record: (resource: Resource) => Promise<void>;
  /**
   * When the run ends at the latest (ISO 8601), if it has a limit. A provider with a deadline of its own arms it for some minutes later:
   * core ends the run first, with its results. Left out for a machine that is kept for the next run, which has another limit.
   */
  readonly endsBy?: string;
  /** Aborts when the user no longer wants a machine. Let the current request end, make no new one, and return. */
  readonly stopSignal: AbortSignal;
}

/**
 * The adapter that rents out machines, or names a machine that the user already has. Only core calls it. Between calls it may keep
 * connections but no state of a run: everything to remember belongs into the resources, which core writes to the ledger.
 */
export interface Provider {
  readonly specVersion: SpecVersion;
  readonly name: string;
  /** How another process creates the provider. Without it, no other process can attach to a run or release its resources. */
  readonly recipe?: AdapterRecipe;
  /**
   * Patterns of the provider's secrets, so that they are masked even if nobody registered them: `/\bcw_\w{6,512}/`. All output is
   * searched, so a pattern must not contain nested repetition.
   */
  readonly secretPatterns?: readonly RegExp[];
  /** The kind of connection to its machines. `plan` refuses a transport that does not support it. */
  readonly connectionKind: ConnectionKind;
  /** A `rented` machine costs money and is terminated. A `borrowed` machine is never terminated; only the run's files are removed. */
  readonly ownership: "rented" | "borrowed";
  /** A command to run on a new machine, for example to stop upgrades of its image that would get in the way of an installation. */
  readonly firstBoot?: FirstBootStep;
  /** Creates the transport to use if the user chose none. */
  readonly defaultTransport?: () => Transport;
  /** Returns the best offer for a request and its price; throws if no offer can work. Called in `plan`; spends nothing. */
  quote(request: MachineRequest, context: CallContext): Promise<Quote>;
  /** Lists every resource that `lease` may create. Pure. Core writes the list to the ledger, on disk, before it calls `lease`. */
  listPlannedResources(leaseId: string, quote: Quote): readonly Resource[];
  /**
   * Rents the machine. If the answer to a request is lost, look the resource up by its name before requesting it again. Returns once
   * all requests are made; core then polls `getMachineState`.
   */
  lease(quote: Quote, context: LeaseContext): Promise<void>;
  /** Asks once for the state of the machine. Core polls it. */
  getMachineState(resources: readonly Resource[], context: RunContext): Promise<MachineState>;
  /**
   * Releases resources and returns a proof for each one that is confirmed gone. It must be idempotent, work in every state, and work
   * for resources that have only a name.
   */
  release(resources: readonly Resource[], context: RunContext): Promise<readonly ReleaseProof[]>;
  /** Lists all offers with their prices. */
  offers?(context: CallContext): Promise<readonly Quote[]>;
  /** Lists all resources at the provider whose names follow unitrain's naming scheme, so that `gc` finds them without a ledger. */
  list?(context: CallContext): Promise<readonly Resource[]>;
  /** Returns a shell script with which the machine can end its own lease, and the secrets that it needs, by variable name. */
  selfRelease?(
    resources: readonly Resource[],
    context: RunContext,
  ): Promise<{ readonly script: string; readonly secrets: Readonly<Record<string, string>> }>;
}

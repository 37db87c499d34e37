import type { CallContext, RunContext } from "./call-context.ts";
import type { Command } from "./command.ts";
import type { ConnectionKind, MachineState } from "./machine.ts";
import type { MachineRequest, Quote } from "./quote.ts";
import type { AdapterRecipe } from "./recipe.ts";
import type { ReleaseProof, Resource } from "./resource.ts";
import type { SpecVersion } from "./spec-version.ts";
import type { Transport } from "./transport.ts";

/** What a provider wants done once on each machine that it rents out. */
export interface FirstBootStep {
  /** Runs on the connected machine before anything is installed there. Exit 0 also when there was nothing to do. */
  readonly command: Command;
  /** Shown when the command fails; the run goes on. */
  readonly failureMessage: string;
}

/** What `lease` is given beside the ordinary context. */
export interface LeaseContext extends RunContext {
  /** OpenSSH public key to let in, where the transport made one; the private one never leaves this computer. */
  readonly publicKey?: string;
  /** Resolves after the ledger is on disk. Call it before and after each paid call; when it rejects, ask for nothing more. */
  readonly record: (resource: Resource) => Promise<void>;
  /** Aborted when the user wants no machine any more: let the call in flight end, ask for nothing new, return. */
  readonly stopSignal: AbortSignal;
}

/**
 * Where a machine comes from. Core calls everything here; an adapter only answers.
 * Nothing is kept between calls but connections: what must be remembered is in the resources, which core writes down.
 */
export interface Provider {
  readonly specVersion: SpecVersion;
  readonly name: string;
  /** Without it a run cannot be attached to, or released, from another process. */
  readonly recipe?: AdapterRecipe;
  /** What its secrets look like, so that one is masked even where nobody named it: `/\bcw_\w{6,512}/`. Without nested repetition: all output is searched. */
  readonly secretPatterns?: readonly RegExp[];
  /** How its machines are reached; refused in `plan` when the transport cannot. */
  readonly connectionKind: ConnectionKind;
  /** A `borrowed` machine is never torn down: its runs are only cleaned up. */
  readonly ownership: "rented" | "borrowed";
  /** What the image does by itself at its first boot can get in the way of an installation: the provider knows what. */
  readonly firstBoot?: FirstBootStep;
  /** Used when the user named no transport. */
  readonly defaultTransport?: () => Transport;
  /** What can be had and what it costs; refuses what cannot work. Spends nothing. Called in `plan`. */
  quote(request: MachineRequest, context: CallContext): Promise<Quote>;
  /** All that `lease` may create. Pure: its answer is in the ledger, fsynced, before `lease` is called. */
  listPlannedResources(leaseId: string, quote: Quote): readonly Resource[];
  /** Rents. A lost answer is settled by name before anything is asked for twice. Returns when nothing more is to be asked for. */
  lease(quote: Quote, context: LeaseContext): Promise<void>;
  /** A single look; core polls, at a pace of its own. */
  getMachineState(resources: readonly Resource[], context: RunContext): Promise<MachineState>;
  /** Releases. Idempotent, from any state, also by names alone. What is not confirmed gone stays out of the proof. */
  release(resources: readonly Resource[], context: RunContext): Promise<readonly ReleaseProof[]>;
  /** Everything that can be had. */
  offers?(context: CallContext): Promise<readonly Quote[]>;
  /** Everything there that carries our naming scheme, for `gc` when the ledger is lost. */
  list?(context: CallContext): Promise<readonly Resource[]>;
  /** How the machine itself can end its lease: a shell script, and the secrets it needs by variable name. */
  selfRelease?(
    resources: readonly Resource[],
    context: RunContext,
  ): Promise<{ readonly script: string; readonly secrets: Readonly<Record<string, string>> }>;
}

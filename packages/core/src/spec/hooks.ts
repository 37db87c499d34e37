import type { LocateInput, RemoteFile } from "./artifact.ts";
import type { CallContext } from "./call-context.ts";
import type { Command, CommandResult } from "./command.ts";
import type { Job, JobInput } from "./job.ts";
import type { Machine, MachineFacts, NotReady } from "./machine.ts";
import type { Manifest, ManifestToChange } from "./manifest.ts";
import type { Provider } from "./provider.ts";
import type { MachineRequest } from "./quote.ts";

/** The machine that a `readyCheck` hook checks. */
export interface ReadyCheckInput {
  readonly machine: Machine;
  readonly facts: MachineFacts;
  /** Runs a command on the machine. */
  readonly run: (command: Command) => Promise<CommandResult>;
}

/** What a `provision` hook is given. */
export interface ProvisionInput extends MachineRequest {
  /** The machines that earlier runs of this computer have paid for and kept. */
  readonly keptMachines: readonly KeptMachine[];
}

/** A machine that an earlier run has paid for and kept, and that no run has taken yet. */
export interface KeptMachine {
  readonly leaseId: string;
  /** The name of its provider. */
  readonly provider: string;
  /** As in the quote: `1x H100`. */
  readonly machine: string;
  readonly priceUsdPerHour: number;
  /** When it is released if no run takes it; ISO 8601. */
  readonly keepUntil: string;
  /** What was found on it when it was connected to. */
  readonly facts?: MachineFacts;
}

/**
 * The handlers of a plugin: for each of the six hooks a function. Inputs are frozen; only the returned value has an effect. Handlers
 * that return one answer (`provision`, `locateArtifact`) are called in order until one returns a value; those of `readyCheck` are all
 * called; each of the others gets the value that the previous handler returned.
 */
export interface Hooks {
  /**
   * In `plan`: returns another provider to use, a machine that an earlier run has kept, or undefined. A run that takes a kept machine
   * holds its lease from then on: what it costs and everything that must be released stay in that lease's ledger.
   */
  readonly provision?: ProvisionHook;
  /** After connecting: checks once whether the machine is ready. Core repeats the call until its deadline, or until the machine is gone. */
  readonly readyCheck?: ReadyCheckHook;
  /** In `plan`: returns the manifest to upload, before its files are hashed. */
  readonly ship?: ShipHook;
  /** Before the training starts: returns the job to start. */
  readonly run?: RunHook;
  /** After the job has ended: returns the models, best first. Called before the framework's rules and core's search. */
  readonly locateArtifact?: LocateArtifactHook;
  /**
   * For every text that leaves unitrain: returns the text to show or to write, synchronously. It gets complete lines, or pieces of
   * 64 KiB of longer lines. Core's own redactor always runs last. If a handler throws or returns no string, the text is withheld.
   */
  readonly sanitize?: SanitizeHook;
}

/** A handler of `provision`. */
export type ProvisionHook = (
  request: Readonly<ProvisionInput>,
  context: CallContext,
) => OrPromise<Provider | Pick<KeptMachine, "leaseId"> | undefined>;

/** A handler of `readyCheck`. */
export type ReadyCheckHook = (
  input: Readonly<ReadyCheckInput>,
  context: CallContext,
) => OrPromise<{ readonly ready: true } | NotReady>;

/** A handler of `ship`. */
export type ShipHook = (manifest: ManifestToChange, context: CallContext) => OrPromise<Manifest>;

/** A handler of `run`. */
export type RunHook = (job: Readonly<Job>, context: RunHookContext) => OrPromise<Job>;

/** The context of a `run` hook. */
export interface RunHookContext extends CallContext {
  /** What the framework created the job from: the output folder and the other folders on the machine. */
  readonly input: JobInput;
}

/** A handler of `locateArtifact`. */
export type LocateArtifactHook = (
  input: Readonly<LocateInput>,
  context: CallContext,
) => OrPromise<readonly RemoteFile[] | undefined>;

/** A handler of `sanitize`. */
export type SanitizeHook = (text: string) => string;

type OrPromise<T> = T | Promise<T>;

/** The name of a hook. */
export type HookName = keyof Hooks;

/** The type of a handler of a hook. */
export type HookHandler<Name extends HookName> = NonNullable<Hooks[Name]>;

/**
 * For each hook, when its handler runs among those of all plugins: before all others (`pre`) or after them (`post`). By default they
 * run in between, in the order of the plugins.
 */
export type HookOrder = { readonly [Name in HookName]?: "pre" | "post" };

import type { LocateInput, RemoteFile } from "./artifact.ts";
import type { CallContext } from "./call-context.ts";
import type { Command, CommandResult } from "./command.ts";
import type { Job } from "./job.ts";
import type { Machine, MachineFacts, NotReady } from "./machine.ts";
import type { Manifest } from "./manifest.ts";
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
 * The six hooks and how core calls the handlers of each. Handlers of a `first` hook are called in order until one returns a value.
 * Handlers of an `all` hook are all called, one after the other. Each handler of a `waterfall` hook gets the value that the
 * previous one returned.
 */
export interface HookKinds {
  /**
   * In `plan`: returns another provider to use, a machine that an earlier run has kept, or undefined. A run that takes a kept machine
   * holds its lease from then on: what it costs and everything that must be released stay in that lease's ledger.
   */
  provision: { kind: "first"; input: ProvisionInput; output: Provider | Pick<KeptMachine, "leaseId"> };
  /** After connecting: checks once whether the machine is ready. Core repeats the call until its deadline, or until the machine is gone. */
  readyCheck: { kind: "all"; input: ReadyCheckInput; output: { readonly ready: true } | NotReady };
  /** In `plan`: returns the manifest to upload, before its files are hashed. */
  ship: { kind: "waterfall"; value: Manifest };
  /** Before the training starts: returns the job to start. */
  run: { kind: "waterfall"; value: Job };
  /** After the job has ended: returns the models, best first. Called before the framework's rules and core's search. */
  locateArtifact: { kind: "first"; input: LocateInput; output: readonly RemoteFile[] };
  /**
   * For every text that leaves unitrain: returns the text to show or to write, synchronously. It gets complete lines, or pieces of
   * 64 KiB of longer lines. Core's own redactor always runs last. If a handler throws or returns no string, the text is withheld.
   */
  sanitize: { kind: "waterfallSync"; value: string };
}

/** The name of a hook. */
export type HookName = keyof HookKinds;

/** The type of a handler of a hook. Inputs are frozen; only the returned value has an effect. */
export type HookHandler<Name extends HookName> = HandlerType<HookKinds[Name]>;

/** The handlers of a plugin: for each hook a function, or a function with its order among the handlers of all plugins. */
export type Hooks = {
  readonly [Name in HookName]?:
    | HookHandler<Name>
    | { readonly order: "pre" | "post"; readonly handler: HookHandler<Name> };
};

/** The names of the hooks of one kind. */
export type HooksOfKind<Kind extends HookKinds[HookName]["kind"]> = {
  [Name in HookName]: HookKinds[Name]["kind"] extends Kind ? Name : never;
}[HookName];

type HandlerType<H> = H extends { kind: "waterfall"; value: infer V }
  ? (value: Readonly<V>, context: CallContext) => V | Promise<V>
  : H extends { kind: "waterfallSync"; value: infer V }
    ? (value: V) => V
    : H extends { kind: "first"; input: infer I; output: infer O }
      ? (input: Readonly<I>, context: CallContext) => O | undefined | Promise<O | undefined>
      : H extends { kind: "all"; input: infer I; output: infer O }
        ? (input: Readonly<I>, context: CallContext) => O | Promise<O>
        : never;

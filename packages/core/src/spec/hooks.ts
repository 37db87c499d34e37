import type { LocateInput, RemoteFile } from "./artifact.ts";
import type { CallContext } from "./call-context.ts";
import type { Command, CommandResult } from "./command.ts";
import type { Job } from "./job.ts";
import type { Machine, MachineFacts, NotReady } from "./machine.ts";
import type { Manifest } from "./manifest.ts";
import type { Provider } from "./provider.ts";
import type { MachineRequest } from "./quote.ts";

/** What a readiness check may look at. */
export interface ReadyCheckInput {
  readonly machine: Machine;
  readonly facts: MachineFacts;
  readonly run: (command: Command) => Promise<CommandResult>;
}

/**
 * The six hooks, each with its kind, declared here once. Only core calls them.
 * `first`: asked in order until one answers. `all`: every one, in series. `waterfall`: each is given what the one before returned.
 */
export interface HookKinds {
  /** In `plan`. A warm pool is a provider whose lease and release check out and in: price, ledger and gc hold for it too. */
  provision: { kind: "first"; input: MachineRequest; output: Provider };
  /** Once connected; each is a single look, core owns polling and deadline, and stops when the machine is gone. */
  readyCheck: { kind: "all"; input: ReadyCheckInput; output: { readonly ready: true } | NotReady };
  /** In `plan`, over the manifest, before it is hashed. */
  ship: { kind: "waterfall"; value: Manifest };
  /** Over the job, before it is started. */
  run: { kind: "waterfall"; value: Job };
  /** After the job ended: where the models are, best first. Before the framework's rules and core's search. */
  locateArtifact: { kind: "first"; input: LocateInput; output: readonly RemoteFile[] };
  /**
   * Over everything that leaves, before core's own redactor, which is always last. Given whole lines, or pieces of 64 KiB of longer ones.
   * When it throws or returns no string, the text is withheld.
   */
  sanitize: { kind: "waterfallSync"; value: string };
}

export type HookName = keyof HookKinds;

/** What a handler of a hook looks like; inputs are frozen, only what is returned counts. */
export type HookHandler<Name extends HookName> = HandlerType<HookKinds[Name]>;

/** What a plugin may tap: a handler, or one with its place among the others. */
export type Hooks = {
  readonly [Name in HookName]?:
    | HookHandler<Name>
    | { readonly order: "pre" | "post"; readonly handler: HookHandler<Name> };
};

/** Names of the hooks of one kind: a driver that runs a `first` takes only these. */
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

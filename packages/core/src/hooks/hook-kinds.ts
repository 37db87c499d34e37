import type {
  HookName,
  Job,
  KeptMachine,
  LocateInput,
  Manifest,
  NotReady,
  Provider,
  ProvisionInput,
  ReadyCheckInput,
  RemoteFile,
} from "../spec/index.ts";

/**
 * How core calls the handlers of each hook. Handlers of a `first` hook are called in order until one returns a value. Handlers of an
 * `all` hook are all called, one after the other. Each handler of a `waterfall` hook gets the value that the previous one returned.
 */
export interface HookKinds {
  provision: { kind: "first"; input: ProvisionInput; output: Provider | Pick<KeptMachine, "leaseId"> };
  readyCheck: { kind: "all"; input: ReadyCheckInput; output: { readonly ready: true } | NotReady };
  ship: { kind: "waterfall"; value: Manifest };
  run: { kind: "waterfall"; value: Job };
  locateArtifact: { kind: "first"; input: LocateInput; output: readonly RemoteFile[] };
  sanitize: { kind: "waterfallSync"; value: string };
}

/** The names of the hooks of one kind. */
export type HooksOfKind<Kind extends HookKinds[HookName]["kind"]> = {
  [Name in HookName]: HookKinds[Name]["kind"] extends Kind ? Name : never;
}[HookName];

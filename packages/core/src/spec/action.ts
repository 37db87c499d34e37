/**
 * What a person can do next, for a program that words it in its own way: a command, a button, a call. A hint is a whole
 * sentence without it. `run` is the run's name.
 */
export type Action =
  /** `start` a run. */
  | { readonly type: "start" }
  /** `attach` as the controller. */
  | { readonly type: "attach"; readonly run?: string }
  | { readonly type: "stop"; readonly run: string }
  /** `runs` lists them. */
  | { readonly type: "list-runs" }
  /** `gc` releases what may still cost. */
  | { readonly type: "release" }
  /** `offers` lists what the provider has. */
  | { readonly type: "list-offers" }
  /** `clean` removes what nothing uses from the machine. */
  | { readonly type: "clean" }
  /** Gives another value for an option of `plan` or `gc`. */
  | { readonly type: "set"; readonly option: "out" | "maxOutputBytes" | "downloadWithinMs" };

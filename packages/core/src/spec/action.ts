/**
 * The next step that a hint suggests. Core does not know whether its caller offers a command, a button or a method, so the hint is
 * a complete sentence without the step, and the caller words the step. `run` is the name of a run.
 */
export type Action =
  /** Start a run: `start()`. */
  | { readonly type: "start" }
  /** Attach to a run as its controller: `attach()`. */
  | { readonly type: "attach"; readonly run?: string }
  /** Stop a run: `run.stop()`. */
  | { readonly type: "stop"; readonly run: string }
  /** List the runs of this computer: `runs()`. */
  | { readonly type: "list-runs" }
  /** Release everything that may still cost money: `gc()`. */
  | { readonly type: "release" }
  /** List what the provider offers: `offers()`. */
  | { readonly type: "list-offers" }
  /** Keep the key of a provider where this program finds it. */
  | { readonly type: "log-in"; readonly provider: string }
  /** Remove what is no longer used from the machine: `clean()`. */
  | { readonly type: "clean" }
  /** Pass a variable as a secret: its name in `secrets` of `plan()`. */
  | { readonly type: "pass-as-secret"; readonly variable: string }
  /** Pass another value for an option of `plan()` or `gc()`. */
  | { readonly type: "set"; readonly option: "out" | "maxOutputBytes" | "downloadWithinMs" };

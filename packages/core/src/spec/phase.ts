/** The steps of a run, in their order; `environment` goes beside `ship`. */
export type Phase =
  | "plan"
  | "lease"
  | "connect"
  | "ship"
  | "environment"
  | "start"
  | "train"
  | "locate"
  | "download"
  | "teardown";

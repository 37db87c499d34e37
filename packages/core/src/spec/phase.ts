/** The steps of a run in their order; `environment` runs at the same time as `ship`. */
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

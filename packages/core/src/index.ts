export type {
  AttachOptions,
  GcReport,
  PlanOptions,
  Run,
  RunResult,
  Runs,
  RunsOptions,
  RunState,
  RunSummary,
  StartOptions,
  Unitrain,
  UnitrainOptions,
} from "./api.ts";
export * from "./spec/index.ts";

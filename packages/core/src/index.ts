export { importFromFolder } from "./adapters/import-from-folder.ts";
export { createAdapter, createFromRecipe as createAdapterFromRecipe } from "./adapters/recipe.ts";
export type { GcOptions, GcReport, GcTraining, UnreadableRun } from "./api/gc-report.ts";
export type {
  CleanOptions,
  CleanReport,
  Inspection,
  MachineCallOptions,
  MachineCalls,
} from "./api/machine-calls.ts";
export type { PlanOptions } from "./api/plan-options.ts";
export type { Run, RunResult, StopOptions } from "./api/run.ts";
export type { StoredItem } from "./api/stored-item.ts";
export type {
  AttachOptions,
  GuardOptions,
  Runs,
  RunsOptions,
  StartOptions,
  Unitrain,
  UnitrainOptions,
} from "./api.ts";
export { createUnitrain } from "./create.ts";
export { type MachineOptions, openMachine } from "./machines/open-machine.ts";
export type { Ports } from "./ports.ts";
export { systemPorts } from "./ports.ts";
export { openRuns } from "./runs/open-runs.ts";
export { createSanitizer, type Sanitizer, type SanitizerOptions } from "./sanitize/sanitizer.ts";
export * from "./spec/index.ts";
export { checkHome } from "./state/check-home.ts";
export { getDefaultHome } from "./state/home.ts";
export type { LedgerFile } from "./state/ledger-file.ts";
export type { Lock, Locks } from "./state/lock.ts";
export { makeFolders } from "./state/make-folders.ts";
export type { LeaseSummary, RunDetails, RunState, RunSummary } from "./state/run-summary.ts";
export type { StateProblem } from "./state/unreadable.ts";
export type { Clock } from "./time/clock.ts";

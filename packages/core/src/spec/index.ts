export type { Access } from "./access.ts";
export type { Action } from "./action.ts";
export { checkAdapter, findAdapterFault } from "./adapter-shape.ts";
export type {
  ArtifactRules,
  FileNotDownloaded,
  FileToFetch,
  LocateInput,
  RemoteFile,
  SavedFile,
} from "./artifact.ts";
export type { CallContext, RunContext } from "./call-context.ts";
export type { Command, CommandResult } from "./command.ts";
export type {
  ConfiguredOptions,
  Conversion,
  ConversionSummary,
  FoundDataset,
  FrameworkCommandLine,
  InitSupport,
  NotesInput,
  OptionDeclaration,
  PastedLines,
  ProposedOption,
  RecordedOptions,
  UserOptions,
} from "./command-line.ts";
export { calculateCostUsd, calculateHourlyUsd, roundParts } from "./cost.ts";
export type { ClassCount, DataSource, DatasetLocation, DatasetReport, Finding } from "./dataset.ts";
export { createDatasetError, formatDatasetError } from "./dataset-error.ts";
export {
  defineFramework,
  definePlugin,
  defineProvider,
  defineTransport,
} from "./define.ts";
export { type BorrowedMachine, type BorrowedOffer, defineBorrowedProvider } from "./define-borrowed.ts";
export type {
  FrameworkDefinition,
  IfComplete,
  MissingMember,
  PluginDefinition,
  ProviderDefinition,
  TransportDefinition,
} from "./definition.ts";
export { documentationUrl } from "./documentation.ts";
export type { ErrorCode, ErrorDetails, ErrorReport } from "./error.ts";
export { getDocumentationUrl, UnitrainError } from "./error.ts";
export type { RunEvent, RunEventBody } from "./event.ts";
export { type FileContent, FileContents, getFingerprint } from "./file-content.ts";
export { describeExtent, type FindingGroup, groupFindings, selectExamples } from "./finding-groups.ts";
export type { FitFinding, FitInput } from "./fit.ts";
export {
  formatBitRate,
  formatBytes,
  formatCount,
  formatMinutes,
  formatNumber,
  formatSeconds,
  formatUsd,
} from "./format.ts";
export type {
  Environment,
  EnvironmentRoom,
  FailedTraining,
  FailureExplanation,
  Framework,
  JobDescription,
} from "./framework.ts";
export type {
  HookHandler,
  HookName,
  HookOrder,
  Hooks,
  KeptMachine,
  LocateArtifactHook,
  ProvisionHook,
  ProvisionInput,
  ReadyCheckHook,
  ReadyCheckInput,
  RunHook,
  RunHookContext,
  SanitizeHook,
  ShipHook,
} from "./hooks.ts";
export type { ClusterEnding, FollowPart, Job, JobInput, JobState, LeaseShare, QueuePlace } from "./job.ts";
export type { Deadline, Limit } from "./limit.ts";
export type { ConnectionKind, GpuProcess, Machine, MachineFacts, MachineState, NotReady } from "./machine.ts";
export type {
  FileSource,
  Manifest,
  ManifestEntry,
  ManifestToChange,
  Shipment,
  ShipProgress,
  ShipResult,
} from "./manifest.ts";
export { checkManifestPath, createPathConflictError } from "./manifest-path.ts";
export type { MetricColumn, ShownMetrics } from "./metrics.ts";
export type { Phase } from "./phase.ts";
export { formatJson, toPlainLine, toPlainText } from "./plain-text.ts";
export type { AdapterDescriptor, Plan, RepeatedRun, RunSetting } from "./plan.ts";
export type { Plugin } from "./plugin.ts";
export type { EstimateRange, PhaseEstimate, Prediction, TrainingEstimate } from "./prediction.ts";
export type { Progress, ProgressInput, ProgressReader } from "./progress.ts";
export type { FirstBootStep, LeaseContext, Provider } from "./provider.ts";
export type { MachineRequest, Quote, Usd } from "./quote.ts";
export type { AttemptReceipt, CostPart, Outcome, PhaseTime, Receipt } from "./receipt.ts";
export type { AdapterRecipe } from "./recipe.ts";
export type { ReleaseProof, Resource } from "./resource.ts";
export type { Session } from "./session.ts";
export type { SettingCompletion, SettingDeclaration, SettingKind } from "./setting.ts";
export { type PathConflict, SortedPaths } from "./sorted-paths.ts";
export type { SpecVersion } from "./spec-version.ts";
export { specVersion } from "./spec-version.ts";
export type { Transport } from "./transport.ts";

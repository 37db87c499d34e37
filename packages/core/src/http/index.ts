export { checkBaseUrl } from "./api/base-url.ts";
export {
  findCandidates,
  type MachineType,
  mergeWanted,
  type Priced,
  type TypeWords,
  type WantedMachine,
} from "./api/choose-machine.ts";
export { type ApiClient, type ApiRequestContext, createApiClient } from "./api/client.ts";
export type { CloudApi } from "./api/cloud-api.ts";
export {
  createErrorExplainer,
  type ErrorExplainer,
  type ErrorMeaning,
  type ErrorMeanings,
} from "./api/explain.ts";
export { ApiFailure, type FailureKind, hasStatus, isRefusal, isTransient } from "./api/failure.ts";
export { isGpu, readWantedGpu, type WantedGpu } from "./api/gpu-name.ts";
export { type LaunchedInstance, type LaunchOperation, launchOnce } from "./api/launch-once.ts";
export { parseAnswer } from "./api/parse-answer.ts";
export { pauseUntilStopped, stopRequested, stopWhenRequested } from "./api/pause.ts";
export { pickName, unknownNameError } from "./api/pick-name.ts";
export {
  createInstanceReleaseSteps,
  type InstanceCalls,
  type InstanceRelease,
  type ShownInstance,
} from "./api/release-instances.ts";
export { type PollResult, type SettlingOperation, settleOutcome } from "./api/settle-outcome.ts";
export { stopUbuntuUpgrades } from "./api/stop-ubuntu-upgrades.ts";
export {
  type GoneOperation,
  type ReleaseSteps,
  type RoundResult,
  waitUntilGone,
} from "./api/wait-until-gone.ts";
export { isLoopback } from "./loopback.ts";
export { getProxy } from "./proxied-responses.ts";
export { ProxyError } from "./proxy-error.ts";
export { proxyFetch } from "./proxy-fetch.ts";

export type { Fault, Faults } from "./faults.ts";
export { createFaults } from "./faults.ts";
export { allFrameworkRules, type FrameworkRuleId } from "./framework/framework-rules.ts";
export {
  checkFrameworkRule,
  type FrameworkSuiteOptions,
  frameworkSuite,
} from "./framework/framework-suite.ts";
export type { FrameworkAbility, FrameworkSubject } from "./framework/subject.ts";
export type { Lifetime } from "./lifetime.ts";
export { createLifetime, killablePorts, memoryLocks } from "./lifetime.ts";
export { type LiveOptions, runLive, sweepLive } from "./live/run-live.ts";
export type { BilledResource, MemoryCloud, MemoryJob, MemoryTraining } from "./memory-cloud.ts";
export { memoryCloud } from "./memory-cloud.ts";
export { memoryFramework } from "./memory-framework.ts";
export type { MemoryProviderOptions } from "./memory-provider.ts";
export { memoryProvider } from "./memory-provider.ts";
export { memoryTransport } from "./memory-transport.ts";
export { checkProviderRule } from "./provider/check-provider-rule.ts";
export { allProviderRules, type ProviderRuleId } from "./provider/provider-rules.ts";
export { type ProviderSuiteOptions, providerSuite } from "./provider/provider-suite.ts";
export type {
  ExistingResource,
  ProviderAbility,
  ProviderFaults,
  ProviderSubject,
} from "./provider/subject.ts";
export type { SuiteClock } from "./suite/clock.ts";
export type { Rule, TestRunner } from "./suite/rule.ts";
export { checkTransportRule } from "./transport/check-transport-rule.ts";
export type { TransportAbility, TransportSubject } from "./transport/subject.ts";
export { allTransportRules, type TransportRuleId } from "./transport/transport-rules.ts";
export { type TransportSuiteOptions, transportSuite } from "./transport/transport-suite.ts";
export type { VirtualClock } from "./virtual-clock.ts";
export { virtualClock } from "./virtual-clock.ts";

export type { Fault, Faults } from "./faults.ts";
export { createFaults } from "./faults.ts";
export type { Lifetime } from "./lifetime.ts";
export { createLifetime, killablePorts, memoryLocks } from "./lifetime.ts";
export type { BilledResource, MemoryCloud, MemoryJob, MemoryTraining } from "./memory-cloud.ts";
export { memoryCloud } from "./memory-cloud.ts";
export { memoryFramework } from "./memory-framework.ts";
export type { MemoryProviderOptions } from "./memory-provider.ts";
export { memoryProvider } from "./memory-provider.ts";
export { memoryTransport } from "./memory-transport.ts";
export { allProviderRules, type ProviderRuleId } from "./provider/provider-rules.ts";
export { type ProviderSuiteOptions, providerSuite } from "./provider/provider-suite.ts";
export type {
  ExistingResource,
  ProviderAbility,
  ProviderFaults,
  ProviderSubject,
  SuiteClock,
} from "./provider/subject.ts";
export type { Rule, TestRunner } from "./suite/rule.ts";
export type { VirtualClock } from "./virtual-clock.ts";
export { virtualClock } from "./virtual-clock.ts";

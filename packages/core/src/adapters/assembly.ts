import type { HookCall, HookDriver } from "../hooks/driver.ts";
import type { PlanMemory } from "../manifest/plan-memory.ts";
import type { Ports } from "../ports.ts";
import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import type { Framework, Phase, Plugin, Provider, Transport } from "../spec/index.ts";
import type { AdapterBoundary } from "./boundary.ts";
import type { ProtectedAdapter } from "./protect.ts";
import type { Load } from "./recipe.ts";

/** A provider and its transport with everything that is needed to call them. All their output passes the sanitizer. */
export interface MachineAssembly {
  readonly home: string;
  readonly load: Load;
  readonly ports: Ports;
  readonly guardian: readonly string[] | false | undefined;
  readonly provider: ProtectedAdapter<Provider>;
  readonly transport: ProtectedAdapter<Transport> | undefined;
  readonly plugins: readonly Plugin[];
  readonly hooks: HookDriver;
  readonly sanitizer: OutputSanitizer;
  readonly boundary: AdapterBoundary;
  readonly hookCall: (phase: Phase, signal?: AbortSignal) => HookCall;
}

/** What it takes to call the hooks of plugins. */
export type HookCaller = Pick<MachineAssembly, "hooks" | "hookCall">;

/** What it takes to call the framework. */
export interface FrameworkCaller extends Pick<Assembly, "boundary"> {
  readonly framework: Framework;
}

/** All adapters with everything that is needed to call them. It holds no state of a run. */
export interface Assembly extends MachineAssembly {
  readonly framework: ProtectedAdapter<Framework>;
  readonly memory: PlanMemory;
  readonly listUsedNames: () => Promise<ReadonlySet<string>>;
}

import type { RunsOptions } from "../api.ts";
import { createHookDriver } from "../hooks/driver.ts";
import { listProxyPasswords } from "../http/proxy-variables.ts";
import { PlanMemory } from "../manifest/plan-memory.ts";
import { systemPorts } from "../ports.ts";
import { createOutputSanitizer, type OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { checkAdapter } from "../spec/adapter-shape.ts";
import type { AdapterRecipe, Framework, Phase, Plugin, Provider, Transport } from "../spec/index.ts";
import { getDefaultHome } from "../state/home.ts";
import { listRuns } from "../state/run-list.ts";
import type { Assembly, MachineAssembly } from "./assembly.ts";
import { type AdapterBoundary, callAdapter } from "./boundary.ts";
import { importFromFolder } from "./import-from-folder.ts";
import { protectAdapter } from "./protect.ts";

const hookTimeoutMs = 60_000;

/** The adapters of a run. */
export interface AdapterSet {
  readonly provider: Provider;
  readonly transport?: Transport | undefined;
  readonly framework: Framework;
  readonly plugins?: readonly Plugin[] | undefined;
}

type MachineAdapters = Omit<AdapterSet, "framework">;

interface AssemblyOutputs {
  readonly showStatus: (sanitizer: OutputSanitizer, phase: Phase, message: string) => void;
  readonly progress?: ((message: string) => void) | undefined;
}

/**
 * Checks the adapters of one plan or one run, and gives them their own sanitizer, hooks and boundary.
 *
 * @throws UnitrainError `INVALID_ADAPTER`.
 */
export function assemble(
  options: RunsOptions,
  parts: AdapterSet,
  outputs: AssemblyOutputs & { readonly memory?: PlanMemory },
): Assembly {
  const machine = assembleMachine(options, parts, outputs, parts.framework);
  return {
    ...machine,
    framework: protectAdapter(parts.framework),
    memory: outputs.memory ?? new PlanMemory(),
    listUsedNames: async () => {
      const { settled, found } = await listRuns(machine.home);
      return new Set([...settled, ...found].map(({ name }) => name));
    },
  };
}

/** The same for calls that need no framework. */
export function assembleMachine(
  options: RunsOptions,
  parts: MachineAdapters,
  outputs: AssemblyOutputs,
  framework?: Framework,
): MachineAssembly {
  checkAdapter("provider", parts.provider);
  if (parts.transport !== undefined) checkAdapter("transport", parts.transport);
  if (framework !== undefined) checkAdapter("framework", framework);
  const plugins = parts.plugins ?? [];
  for (const plugin of plugins) checkAdapter("plugin", plugin);
  const ports = { ...systemPorts, ...options.ports };
  const hooks = createHookDriver(plugins, framework);
  const sanitizer = createOutputSanitizer(
    [framework, ...plugins].some((adapter) => adapter?.hooks?.sanitize !== undefined)
      ? (text) => hooks.callWaterfallSync("sanitize", text)
      : undefined,
  );
  for (const value of listProxyPasswords(process.env)) sanitizer.register(value);
  registerAdapterSecrets(sanitizer, [parts.provider, parts.transport, framework, ...plugins]);
  const boundary: AdapterBoundary = {
    clock: ports.clock,
    secret: (value) => void sanitizer.register(value),
    showStatus: (phase, message) => {
      // In this phase adapters read the end of the log, which cannot be masked without the values.
      if (phase === "locate" && sanitizer.missing.length > 0) return;
      outputs.showStatus(sanitizer, phase, message);
    },
    progress: (message) => outputs.progress?.(sanitizer.maskMessage(message)),
  };
  return {
    home: options.home ?? getDefaultHome(),
    load: options.load ?? importFromFolder,
    ports,
    guardian: options.guardian,
    provider: protectAdapter(parts.provider),
    transport: parts.transport && protectAdapter(parts.transport),
    plugins,
    hooks,
    sanitizer,
    boundary,
    hookCall: (phase, signal) => ({
      phase,
      within: (adapter, handler) =>
        callAdapter(boundary, { phase, adapter: adapter, timeoutMs: hookTimeoutMs, signal }, handler),
    }),
  };
}

/**
 * Masks what the adapters' keys look like, and the values of the environment variables from which they are read, before any call of
 * them.
 */
export function registerAdapterSecrets(
  sanitizer: Pick<OutputSanitizer, "register" | "addPatterns">,
  adapters: readonly (AdapterWithSecrets | undefined)[],
): void {
  for (const adapter of adapters) {
    sanitizer.addPatterns(adapter?.secretPatterns ?? []);
    for (const name of adapter?.recipe?.secrets ?? []) sanitizer.register(process.env[name] ?? "");
  }
}

interface AdapterWithSecrets {
  readonly recipe?: AdapterRecipe;
  readonly secretPatterns?: readonly RegExp[];
}

/** Masks secrets in the errors of a call. */
export async function withMaskedErrors<T>(
  { sanitizer }: Pick<MachineAssembly, "sanitizer">,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw sanitizer.maskError(error);
  }
}

import { type Border, callAdapter } from "./adapter/border.ts";
import { loadFromFolder } from "./adapter/origin.ts";
import { checkAdapter } from "./adapter/shape.ts";
import type { RunsOptions } from "./api.ts";
import type { Assembly, MachineAssembly } from "./assembly.ts";
import { createGate, type Gate } from "./gate/gate.ts";
import { createHookDriver } from "./hooks/driver.ts";
import { proxyPasswords } from "./http/proxy-variables.ts";
import { HashCache } from "./plan/content-hashes.ts";
import { systemPorts } from "./ports.ts";
import type { Framework, Origin, Phase, Plugin, Provider, Transport } from "./spec/index.ts";
import { defaultHome } from "./state/home.ts";
import { listRuns } from "./state/run-list.ts";

const hookTimeoutMs = 60_000;

/** Adapters, before they are checked. */
export interface Parts {
  readonly provider: Provider;
  readonly transport?: Transport | undefined;
  readonly framework: Framework;
  readonly plugins?: readonly Plugin[] | undefined;
}

type MachineParts = Omit<Parts, "framework">;

interface Own {
  readonly say: (gate: Gate, phase: Phase, message: string) => void;
  readonly progress?: ((message: string) => void) | undefined;
}

/** Puts adapters together for one plan or one run: a gate, hooks and border of its own. Refuses what cannot be called. */
export function assemble(
  options: RunsOptions,
  parts: Parts,
  own: Own & { readonly hashes?: HashCache },
): Assembly {
  const machine = assembleMachine(options, parts, own, parts.framework);
  return {
    ...machine,
    framework: parts.framework,
    hashes: own.hashes ?? new HashCache(),
    namesTaken: async () => {
      const { settled, found } = await listRuns(machine.home);
      return new Set([...settled, ...found].map(({ name }) => name));
    },
  };
}

/** The same without a framework, for what is asked of a provider and its machine. */
export function assembleMachine(
  options: RunsOptions,
  parts: MachineParts,
  own: Own,
  framework?: Framework,
): MachineAssembly {
  checkAdapter("provider", parts.provider);
  if (parts.transport !== undefined) checkAdapter("transport", parts.transport);
  if (framework !== undefined) checkAdapter("framework", framework);
  const plugins = parts.plugins ?? [];
  for (const plugin of plugins) checkAdapter("plugin", plugin);
  const ports = { ...systemPorts, ...options.ports };
  const hooks = createHookDriver(plugins, framework);
  const adapters = [parts.provider, parts.transport, framework, ...plugins];
  const gate = createGate(
    (text) => hooks.waterfallSync("sanitize", text),
    adapters.flatMap((adapter) => adapter?.secretPatterns ?? []),
  );
  for (const value of [...proxyPasswords(process.env), ...secretsOf(adapters)]) gate.register(value);
  const border: Border = {
    clock: ports.clock,
    secret: (value) => void gate.register(value),
    say: (phase, message) => own.say(gate, phase, message),
    progress: (message) => own.progress?.(gate.text(message)),
  };
  return {
    home: options.home ?? defaultHome(),
    load: options.load ?? loadFromFolder,
    ports,
    guardian: options.guardian,
    provider: parts.provider,
    transport: parts.transport,
    plugins,
    hooks,
    gate,
    border,
    hookCall: (phase, signal) => ({
      phase,
      within: (what, handler) =>
        callAdapter(border, { phase, adapter: what, timeoutMs: hookTimeoutMs, signal }, handler),
    }),
  };
}

/** Values of the environment variables that adapters read their secrets from: masked before an adapter is called. */
function secretsOf(adapters: readonly ({ readonly origin?: Origin } | undefined)[]): readonly string[] {
  const names = adapters.flatMap((adapter) => adapter?.origin?.secrets ?? []);
  return names.flatMap((name) => process.env[name] ?? []);
}

/** An error leaves by the gate, like everything else. */
export async function asMasked<T>(
  { gate }: Pick<MachineAssembly, "gate">,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw gate.error(error);
  }
}

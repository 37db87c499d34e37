import { type Border, callAdapter } from "./adapter/border.ts";
import { loadFromFolder } from "./adapter/origin.ts";
import { checkAdapter } from "./adapter/shape.ts";
import type { RunsOptions } from "./api.ts";
import type { Assembly } from "./assembly.ts";
import { createGate, type Gate } from "./gate/gate.ts";
import { createHookDriver } from "./hooks/driver.ts";
import { proxyPasswords } from "./http/proxy-variables.ts";
import { HashCache } from "./plan/content-hashes.ts";
import { systemPorts } from "./ports.ts";
import type { Framework, Phase, Plugin, Provider, Transport } from "./spec/index.ts";
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

/** Puts adapters together for one plan or one run: a gate, hooks and border of its own. Refuses what cannot be called. */
export function assemble(
  options: RunsOptions,
  parts: Parts,
  own: {
    readonly hashes?: HashCache;
    readonly say: (gate: Gate, phase: Phase, message: string) => void;
    readonly progress?: ((message: string) => void) | undefined;
  },
): Assembly {
  checkAdapter("provider", parts.provider);
  if (parts.transport !== undefined) checkAdapter("transport", parts.transport);
  checkAdapter("framework", parts.framework);
  const plugins = parts.plugins ?? [];
  for (const plugin of plugins) checkAdapter("plugin", plugin);
  const ports = { ...systemPorts, ...options.ports };
  const home = options.home ?? defaultHome();
  const hooks = createHookDriver(plugins, parts.framework);
  const gate = createGate((text) => hooks.waterfallSync("sanitize", text));
  for (const password of proxyPasswords(process.env)) gate.register(password);
  const border: Border = {
    clock: ports.clock,
    secret: (value) => void gate.register(value),
    say: (phase, message) => own.say(gate, phase, message),
    progress: (message) => own.progress?.(gate.text(message)),
  };
  return {
    home,
    load: options.load ?? loadFromFolder,
    ports,
    guardian: options.guardian,
    provider: parts.provider,
    transport: parts.transport,
    framework: parts.framework,
    plugins,
    hooks,
    gate,
    border,
    hashes: own.hashes ?? new HashCache(),
    hookCall: (phase, signal) => ({
      phase,
      within: (what, handler) =>
        callAdapter(border, { phase, adapter: what, timeoutMs: hookTimeoutMs, signal }, handler),
    }),
    namesTaken: async () => {
      const { settled, found } = await listRuns(home);
      return new Set([...settled, ...found].map(({ name }) => name));
    },
  };
}

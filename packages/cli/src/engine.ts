import { fileURLToPath } from "node:url";
import type { RunsOptions } from "@unitrain/core";
import { loadModuleFrom } from "./machines/load-module.ts";
import type { MachineNamed } from "./machines/machine-named.ts";
import type { Engine, Surroundings } from "./surroundings.ts";

/** Core, with the adapters that come with this package; each loaded when it is needed. */
export function realEngine(env: Surroundings["env"], folder: string): Engine {
  const load = loadModuleFrom(folder);
  const shared: RunsOptions = {
    load: (module, startedIn) => loadModuleFrom(startedIn)(module),
    guardian: guardianCommand(),
    ...(env.UNITRAIN_HOME ? { home: env.UNITRAIN_HOME } : {}),
  };
  // Each word once: to say what it means may take a program of the user's ssh configuration.
  const machines = new Map<string, Promise<MachineNamed>>();
  const adapters: Engine["adapters"] = async ({ on, provider, transport }, signal) => {
    // Loaded when a machine is asked for: lists and logs need none.
    const [{ adaptersFor, withTransport }, { machineNamed }] = await Promise.all([
      import("./machines/adapters.ts"),
      import("./machines/machine-named.ts"),
    ]);
    const machineOf = (word: string) => {
      const machine = machines.get(word) ?? machineNamed(word, { env, folder }, signal);
      machines.set(word, machine);
      return machine;
    };
    const named = provider === undefined ? adaptersFor(await machineOf(on), load) : withTransport(provider);
    return { ...(await named), ...(transport === undefined ? {} : { transport }) };
  };
  return {
    async assemble(settings, signal) {
      const { words, options } = settings.framework;
      const made = await adapters(settings, signal);
      const [{ createUnitrain }, { parseOptions, yolo }] = await Promise.all([
        import("@unitrain/core"),
        import("@unitrain/framework-yolo"),
      ]);
      const framework = yolo({ ...options, ...parseOptions(words) });
      return createUnitrain({ ...shared, ...made, framework, plugins: settings.plugins });
    },
    adapters,
    async runs() {
      const { openRuns } = await import("@unitrain/core");
      return openRuns(shared);
    },
    async remake(kind, note, startedIn) {
      const { remakeAdapter } = await import("@unitrain/core");
      return remakeAdapter(kind, note, {
        load: (module) => loadModuleFrom(startedIn)(module),
        folder: startedIn,
      });
    },
    settingNamed: async (name) => (await import("./framework-keys.ts")).settingNamed(name),
    settingValues: async (name) => (await import("./framework-keys.ts")).settingValues(name),
    settingNames: async () => (await import("./framework-keys.ts")).settingNames(),
  };
}

/** This program again: it finds the adapters that come with it wherever it was started. */
function guardianCommand(): readonly string[] {
  const bin = new URL(import.meta.url.endsWith(".ts") ? "./bin.ts" : "./bin.js", import.meta.url);
  return [process.execPath, ...process.execArgv, fileURLToPath(bin), "__guard"];
}

import { fileURLToPath } from "node:url";
import type { RunsOptions } from "@unitrain/core";
import type { CliContext, Engine } from "../context/cli-context.ts";
import { createFramework } from "../framework/create-framework.ts";
import { adapterFinder } from "../machines/find-adapters.ts";
import { loadModuleFrom } from "../modules/load-module.ts";

/** Core, with the adapters that come with this package; each loaded when it is needed. */
export function realEngine(env: CliContext["env"], folder: string): Engine {
  const shared: RunsOptions = {
    load: (module, startedIn) => loadModuleFrom(startedIn)(module),
    guardian: guardianCommand(),
    ...(env.UNITRAIN_HOME ? { home: env.UNITRAIN_HOME } : {}),
  };
  const adapters = adapterFinder({ env, folder });
  return {
    async assemble(settings, signal) {
      const loadedAdapters = await adapters(settings, signal);
      const [{ createUnitrain }, framework] = await Promise.all([
        import("@unitrain/core"),
        createFramework(settings.framework, folder),
      ]);
      return createUnitrain({ ...shared, ...loadedAdapters, framework, plugins: settings.plugins });
    },
    async machine(named, signal) {
      const [loadedAdapters, { openMachine }] = await Promise.all([
        adapters(named, signal),
        import("@unitrain/core"),
      ]);
      const framework = named.framework && (await createFramework(named.framework, folder));
      return openMachine({ ...shared, ...loadedAdapters, framework, plugins: named.plugins });
    },
    async runs() {
      const { openRuns } = await import("@unitrain/core");
      return openRuns(shared);
    },
    async createFromRecipe(kind, descriptor, startedIn) {
      const { createAdapterFromRecipe } = await import("@unitrain/core");
      return createAdapterFromRecipe(kind, descriptor, {
        load: (module) => loadModuleFrom(startedIn)(module),
        folder: startedIn,
      });
    },
  };
}

/** This program again: it finds the adapters that come with it wherever it was started. */
function guardianCommand(): readonly string[] {
  const bin = new URL(import.meta.url.endsWith(".ts") ? "../bin.ts" : "./bin.js", import.meta.url);
  return [process.execPath, ...process.execArgv, fileURLToPath(bin), "__guard"];
}

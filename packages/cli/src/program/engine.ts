import { fileURLToPath } from "node:url";
import type { RunsOptions } from "@unitrain/core";
import type { CliContext, Engine } from "../context/cli-context.ts";
import { createFramework } from "../framework/create-framework.ts";
import { createAdapterFinder } from "../machines/find-adapters.ts";
import { loadModuleFrom } from "../modules/load-module.ts";

/** Creates the engine: core with the adapters that come with this package. Each is loaded when it is needed. */
export function createEngine(env: CliContext["env"], folder: string): Engine {
  const shared: RunsOptions & Required<Pick<RunsOptions, "load">> = {
    load: async (module, startedIn, secrets = []) => {
      await provideKeys(secrets);
      return loadModuleFrom(startedIn)(module);
    },
    guardian: guardianCommand(),
    ...(env.UNITRAIN_HOME ? { home: env.UNITRAIN_HOME } : {}),
  };
  const findAdapters = createAdapterFinder({ env, folder });
  const adapters: typeof findAdapters = async (choice, signal) => {
    const found = await findAdapters(choice, signal);
    await provideKeys(found.provider.recipe?.secrets ?? []);
    return found;
  };
  return {
    async assemble(settings, signal) {
      const loadedAdapters = await adapters(settings, signal);
      const [{ createUnitrain }, framework] = await Promise.all([
        import("@unitrain/core"),
        createFramework(settings.framework, folder),
      ]);
      return createUnitrain({ ...shared, ...loadedAdapters, framework, plugins: settings.plugins });
    },
    async machine(machine, signal) {
      const [loadedAdapters, { openMachine }] = await Promise.all([
        adapters(machine, signal),
        import("@unitrain/core"),
      ]);
      const framework = machine.framework && (await createFramework(machine.framework, folder));
      return openMachine({ ...shared, ...loadedAdapters, framework, plugins: machine.plugins });
    },
    async openClouds(choices, setup) {
      const [{ openClouds }, framework] = await Promise.all([
        import("./open-clouds.ts"),
        setup === undefined ? undefined : createFramework(setup, folder),
      ]);
      return openClouds(choices, adapters, { ...shared, framework });
    },
    async runs() {
      const { openRuns } = await import("@unitrain/core");
      return openRuns(shared);
    },
    async createFromRecipe(kind, descriptor, startedIn) {
      const { createAdapterFromRecipe } = await import("@unitrain/core");
      return createAdapterFromRecipe(kind, descriptor, {
        load: shared.load,
        folder: startedIn,
      });
    },
    async keyVariables(on) {
      return (await findAdapters({ on })).provider.recipe?.secrets ?? [];
    },
    async checkKeys(on, keys) {
      const before = Object.keys(keys).map((variable) => [variable, process.env[variable]] as const);
      Object.assign(process.env, keys);
      try {
        const [found, { openMachine }] = await Promise.all([findAdapters({ on }), import("@unitrain/core")]);
        await openMachine({ ...shared, ...found }).offers();
      } finally {
        for (const [variable, value] of before) {
          if (value === undefined) delete process.env[variable];
          else process.env[variable] = value;
        }
      }
    },
  };
}

/** Sets the variables whose keys were stored by `unitrain login`, before the adapter reads them. */
async function provideKeys(variables: readonly string[]): Promise<void> {
  if (variables.every((variable) => process.env[variable])) return;
  const [{ openKeyStore }, { getDefaultHome }] = await Promise.all([
    import("../machines/keys/key-store.ts"),
    import("@unitrain/core"),
  ]);
  await openKeyStore(getDefaultHome()).provide(variables, process.env);
}

/** Returns the command that starts this program as the guardian. It finds its own adapters from every folder. */
function guardianCommand(): readonly string[] {
  const bin = new URL(import.meta.url.endsWith(".ts") ? "../bin.ts" : "./bin.js", import.meta.url);
  return [process.execPath, ...process.execArgv, fileURLToPath(bin), "__guard"];
}

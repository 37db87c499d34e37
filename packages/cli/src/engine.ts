import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RunsOptions } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { Engine, Surroundings } from "./surroundings.ts";

/** Core, with the adapters that come with this package; each loaded when it is needed. */
export function realEngine(env: Surroundings["env"], folder: string): Engine {
  const shared: RunsOptions = {
    load: (module) => loadAdapter(module, folder),
    ...(env.UNITRAIN_HOME ? { home: env.UNITRAIN_HOME } : {}),
  };
  return {
    async assemble(on, settings) {
      const provider = await providerNamed(on);
      const [{ createUnitrain }, { parseOptions, yolo }] = await Promise.all([
        import("@unitrain/core"),
        import("@unitrain/framework-yolo"),
      ]);
      return createUnitrain({ ...shared, provider, framework: yolo(parseOptions(settings)) });
    },
    async runs() {
      const { openRuns } = await import("@unitrain/core");
      return openRuns(shared);
    },
  };
}

async function providerNamed(on: string) {
  if (on === "local") return (await import("@unitrain/provider-local")).local();
  throw new UnitrainError("INVALID_OPTIONS", `There is no machine called ${JSON.stringify(on)}.`, {
    hint: "So far trainings run on this computer only: --on local, which is also what you get without --on.",
  });
}

/** Adapters of ours lie beside this package, wherever the user stands; those of others in the working folder. */
function loadAdapter(module: string, folder: string): Promise<unknown> {
  if (module === "@unitrain/provider-local") return import("@unitrain/provider-local");
  if (module === "@unitrain/framework-yolo") return import("@unitrain/framework-yolo");
  if (module.startsWith("file:")) return import(module);
  return import(pathToFileURL(createRequire(join(folder, "package.json")).resolve(module)).href);
}

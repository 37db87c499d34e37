import { type FrameworkCommandLine, UnitrainError } from "@unitrain/core/spec";
import { describeModule } from "../modules/adapter-package.ts";
import { type AdapterModule, checkVersion } from "../modules/create-from-module.ts";
import { createLoadError } from "../modules/load-error.ts";
import { loadModuleFrom } from "../modules/load-module.ts";

/**
 * Loads a framework's part for the command line: the export `commandLine` of the package's small entry `command-line`, or else of the
 * framework's own module. It is empty if there is none.
 *
 * @throws UnitrainError `INVALID_ADAPTER` when the package does not work with this version of unitrain, cannot be loaded, or exports
 * something else.
 */
export async function loadCommandLine({ module, folder }: AdapterModule): Promise<FrameworkCommandLine> {
  await checkVersion({ module, folder });
  const exported = await loadEntry({ module, folder }).catch((error: unknown) => {
    throw createLoadError("framework", { module, folder }, error);
  });
  return checkCommandLine(exported, { module, folder });
}

async function loadEntry({ module, folder }: AdapterModule): Promise<unknown> {
  const load = loadModuleFrom(folder);
  if (module.startsWith("file:")) return load(module);
  try {
    return await load(`${module}/command-line`);
  } catch (error) {
    if (!isNoSuchEntry(error)) throw error;
    return load(module);
  }
}

/** Returns whether the package has no such entry. That something is missing which the entry imports, is an error. */
function isNoSuchEntry(error: unknown): boolean {
  const { code, url = "" } = error as { readonly code?: unknown; readonly url?: string };
  return (
    code === "ERR_PACKAGE_PATH_NOT_EXPORTED" ||
    (code === "ERR_MODULE_NOT_FOUND" && url.endsWith("/command-line"))
  );
}

function checkCommandLine(exported: unknown, { module, folder }: AdapterModule): FrameworkCommandLine {
  const { commandLine = {} } = exported as { readonly commandLine?: unknown };
  if (typeof commandLine === "object" && commandLine !== null && !Array.isArray(commandLine))
    return commandLine as FrameworkCommandLine;
  throw new UnitrainError(
    "INVALID_ADAPTER",
    `${describeModule(module, folder)} exports a commandLine that is not an object.`,
    { hint: "See FrameworkCommandLine in @unitrain/core/spec." },
  );
}

import { type FrameworkCommandLine, UnitrainError } from "@unitrain/core/spec";
import { loadModuleFrom } from "../modules/load-module.ts";

/**
 * Loads a framework's part for the command line: the export `commandLine` of the package's small entry `command-line`, or else of the
 * framework's own module. It is empty if there is none.
 *
 * @throws UnitrainError `INVALID_ADAPTER` when the module cannot be loaded, or exports something else.
 */
export async function loadCommandLine(module: string, folder: string): Promise<FrameworkCommandLine> {
  const load = loadModuleFrom(folder);
  try {
    const exported = module.startsWith("file:")
      ? await load(module)
      : await load(`${module}/command-line`).catch((error) => {
          if (!isNoSuchEntry(error)) throw error;
          return load(module);
        });
    return checkCommandLine(exported as { readonly commandLine?: unknown }, module);
  } catch (error) {
    if (UnitrainError.isInstance(error)) throw error;
    const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UnitrainError("INVALID_ADAPTER", `${module} cannot be loaded: ${message}`, {
      hint: "Install it in this folder, or name a file: --framework ./framework.ts",
      cause: error,
    });
  }
}

function checkCommandLine({ commandLine = {} }: { readonly commandLine?: unknown }, module: string) {
  if (typeof commandLine === "object" && commandLine !== null && !Array.isArray(commandLine))
    return commandLine as FrameworkCommandLine;
  throw new UnitrainError("INVALID_ADAPTER", `${module} exports a commandLine that is not an object.`, {
    hint: "See FrameworkCommandLine in @unitrain/core/spec.",
  });
}

function isNoSuchEntry(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return (
    code === "ERR_PACKAGE_PATH_NOT_EXPORTED" || code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND"
  );
}

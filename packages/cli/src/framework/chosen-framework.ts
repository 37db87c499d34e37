import type { FrameworkCommandLine, UserOptions } from "@unitrain/core/spec";
import type { FrameworkSetup } from "../context/cli-context.ts";
import { defaultFramework } from "../modules/default-framework.ts";
import { loadCommandLine } from "./load-command-line.ts";
import { resolveFrameworkModule } from "./resolve-framework-module.ts";

/** The module of a framework and its part for the command line. The framework itself is loaded later. */
export interface ChosenFramework {
  /** A package name, or the `file:` URL of a file. */
  readonly module: string;
  /** The folder from which the package is resolved. */
  readonly folder: string;
  readonly commandLine: FrameworkCommandLine;
}

/** Loads the command line of the framework with this name, or of the default. `folder` is where the name was written. Throws `INVALID_OPTIONS` or `INVALID_ADAPTER`. */
export async function chooseFramework(word: string | undefined, folder: string): Promise<ChosenFramework> {
  return loadFrameworkOfModule(
    word === undefined ? defaultFramework.module : resolveFrameworkModule(word, folder),
    folder,
  );
}

/** Loads the command line of the framework in a module. */
export async function loadFrameworkOfModule(module: string, folder: string): Promise<ChosenFramework> {
  if (module !== defaultFramework.module)
    return { module, folder, commandLine: await loadCommandLine({ module, folder }) };
  const { commandLine } = await defaultFramework.loadCommandLine();
  return { module, folder, commandLine };
}

/** Returns a framework without options, for commands that do not train. */
export function createSetupWithoutOptions(framework: ChosenFramework, folder: string): FrameworkSetup {
  const userOptions: UserOptions = { words: [], configured: {}, configFolder: folder, settings: {} };
  return { ...framework, userOptions };
}

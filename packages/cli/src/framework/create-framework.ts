import type { Framework } from "@unitrain/core";
import type { FrameworkCommandLine, UserOptions } from "@unitrain/core/spec";
import type { FrameworkSetup } from "../context/cli-context.ts";
import { createFromModule } from "../modules/create-from-module.ts";
import { listOptions } from "./options.ts";
import { parseOptions } from "./parse-options.ts";

/**
 * Creates the framework of a training by calling the module's default export, or `framework`, with the options. Another process can
 * create it again.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for wrong options, `INVALID_ADAPTER` for a module that does not export a framework.
 */
export function createFramework(
  { module, folder, commandLine, userOptions }: FrameworkSetup,
  workingFolder: string,
): Promise<Framework> {
  const options = () => readOptions(commandLine, userOptions);
  return createFromModule("framework", { module, folder }, { options, workingFolder });
}

async function readOptions(
  commandLine: FrameworkCommandLine,
  userOptions: UserOptions,
): Promise<Readonly<Record<string, unknown>>> {
  if (commandLine.readOptions !== undefined) return commandLine.readOptions(userOptions);
  const { words, configured, settings } = userOptions;
  return { ...settings, ...parseOptions(words, configured, await listOptions(commandLine)) };
}

import { type LoadedConfig, loadConfig } from "../settings/config/load-config.ts";
import type { ChosenFramework } from "./chosen-framework.ts";
import { type FrameworkFlags, findFrameworkFromFlags } from "./find-framework.ts";

/** Loads the framework that the flags or the configuration name, and the configuration, which is checked with the framework's keys. */
export async function loadProject(
  flags: FrameworkFlags,
  folder: string,
): Promise<{ readonly framework: ChosenFramework; readonly loaded: LoadedConfig | undefined }> {
  const framework = await findFrameworkFromFlags(flags, folder);
  return { framework, loaded: await loadConfig(flags.config, folder, framework.commandLine.settings) };
}

import { type LoadedConfig, loadConfig } from "../settings/config/load-config.ts";
import type { ChosenFramework } from "./chosen-framework.ts";
import { type FrameworkFlags, frameworkOf } from "./typed-framework.ts";

/** The framework that flags or configuration name, and the configuration checked with the keys that it brings. */
export async function loadProject(
  flags: FrameworkFlags,
  folder: string,
): Promise<{ readonly framework: ChosenFramework; readonly loaded: LoadedConfig | undefined }> {
  const framework = await frameworkOf(flags, folder);
  return { framework, loaded: await loadConfig(flags.config, folder, framework.commandLine.settings) };
}

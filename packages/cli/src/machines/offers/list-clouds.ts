import type { MachineChoice } from "../../context/cli-context.ts";
import { cloudWords } from "../../modules/clouds.ts";
import { listInstalledAdapters } from "../../modules/installed-adapters.ts";
import type { LoadedConfig } from "../../settings/config/load-config.ts";

/** Lists what may rent out machines: our clouds, the providers that the project depends on, and the provider of the configuration. */
export function listClouds(
  folder: string,
  loaded: Pick<LoadedConfig, "config" | "folder"> | undefined,
): readonly MachineChoice[] {
  const { on = "", provider, plugins = [] } = loaded?.config ?? {};
  const installed = listInstalledAdapters(folder).filter(({ kind }) => kind === "provider");
  const words = [
    ...cloudWords,
    ...installed.map(({ word, name }) => (word.startsWith("npm:") ? word : `npm:${name}`)),
  ];
  const isModule = /^(npm:|file:|[.~]{0,2}\/)/.test(on) && !words.includes(on);
  return [
    ...words.map((word) => ({ on: word, folder, plugins })),
    ...(isModule ? [{ on, folder: loaded?.folder ?? folder, plugins }] : []),
    ...(provider === undefined ? [] : [{ on: provider.name, provider, plugins }]),
  ];
}

import type { MachineChoice } from "../context/cli-context.ts";
import type { LoadedConfig } from "./config/load-config.ts";
import type { Flags } from "./flags.ts";

/** A machine as a flag or the configuration names it. If neither does, it has no `on` and no provider. */
export type ChosenMachine = Omit<MachineChoice, "on" | "plugins"> & { readonly on?: string };

/** Returns the machine of the flag, or else that of the configuration, with the folder in which the word was written. */
export function chooseMachine(
  flags: Pick<Flags, "on">,
  loaded: Pick<LoadedConfig, "config" | "folder"> | undefined,
  workingFolder: string,
): ChosenMachine {
  if (flags.on !== undefined) return { on: flags.on, folder: workingFolder };
  const { on, provider, transport } = loaded?.config ?? {};
  return {
    folder: loaded?.folder ?? workingFolder,
    ...(on === undefined ? {} : { on }),
    ...(provider === undefined ? {} : { provider }),
    ...(transport === undefined ? {} : { transport }),
  };
}

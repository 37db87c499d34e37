import type { Framework } from "@unitrain/core";
import { openMachine, type RunsOptions } from "@unitrain/core";
import type { MachineChoice, OpenedCloud } from "../context/cli-context.ts";
import type { Adapters } from "../machines/create-adapters.ts";

/** Opens every provider that rents out machines and can list offers or untracked resources. One without a key is not asked. */
export async function openClouds(
  choices: readonly MachineChoice[],
  findAdapters: (choice: MachineChoice) => Promise<Adapters>,
  options: RunsOptions & { readonly framework?: Framework | undefined },
): Promise<readonly OpenedCloud[]> {
  const opened = await Promise.all(
    choices.map(async (choice): Promise<readonly OpenedCloud[]> => {
      const { on } = choice;
      try {
        const adapters = await findAdapters(choice);
        const { ownership, offers, list, recipe } = adapters.provider;
        if (ownership !== "rented" || (offers === undefined && list === undefined)) return [];
        const variables = (recipe?.secrets ?? []).filter((variable) => !process.env[variable]);
        if (variables.length > 0) return [{ on, state: "no-key", variables }];
        return [
          { on, state: "open", calls: openMachine({ ...options, ...adapters, plugins: choice.plugins }) },
        ];
      } catch (error) {
        return [{ on, state: "failed", error }];
      }
    }),
  );
  return opened.flat();
}

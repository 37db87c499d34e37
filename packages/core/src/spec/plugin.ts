import type { HookOrder, Hooks } from "./hooks.ts";
import type { AdapterRecipe } from "./recipe.ts";
import type { SpecVersion } from "./spec-version.ts";

/** Changes data on its way through a run by handling some of the six hooks. A run can have any number of plugins. */
export interface Plugin {
  readonly specVersion: SpecVersion;
  readonly name: string;
  /** How another process creates the plugin. Without it, a process that attaches to a run continues without the plugin and says so. */
  readonly recipe?: AdapterRecipe;
  /**
   * Patterns of the plugin's secrets, so that they are masked even if nobody registered them: `/\bcw_\w{6,512}/`. All output is
   * searched, so a pattern must not contain nested repetition.
   */
  readonly secretPatterns?: readonly RegExp[];
  readonly hooks: Hooks;
  /** When its handlers run among those of other plugins, for each hook. */
  readonly order?: HookOrder;
}

import type { Hooks } from "./hooks.ts";
import type { AdapterRecipe } from "./recipe.ts";
import type { SpecVersion } from "./spec-version.ts";

/** Shapes data on its way through a run. Any number of them may tap the six hooks. */
export interface Plugin {
  readonly specVersion: SpecVersion;
  readonly name: string;
  /** Without it the plugin does not take part when another process attaches, which says so. */
  readonly recipe?: AdapterRecipe;
  /** What its secrets look like, so that one is masked even where nobody named it: `/\bcw_\w{6,512}/`. Without nested repetition: all output is searched. */
  readonly secretPatterns?: readonly RegExp[];
  readonly hooks: Hooks;
}

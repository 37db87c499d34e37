import type { ScriptOptions } from "./options/options.ts";

/** The keys of `unitrain.config.ts`: `defineConfig<ScriptConfig>({ framework: "script", … })`. */
export type ScriptConfig = Partial<ScriptOptions>;

export type { ScriptOptions } from "./options/options.ts";
export { script, script as framework } from "./script.ts";

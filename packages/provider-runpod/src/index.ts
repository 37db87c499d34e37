export type { RunPodOptions } from "./options.ts";
export { runpod } from "./runpod.ts";

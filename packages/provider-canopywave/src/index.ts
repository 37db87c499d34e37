export { canopywave } from "./canopywave.ts";
export type { CanopyWaveOptions } from "./options.ts";

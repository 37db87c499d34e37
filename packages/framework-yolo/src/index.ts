export { trainArguments } from "./options/arguments.ts";
export type { YoloOptions } from "./options/options.ts";
export { parseOptions } from "./options/words.ts";
export { yolo } from "./yolo.ts";

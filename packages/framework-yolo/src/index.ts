export type { ConversionReport, ForeignDataset } from "./convert/convert.ts";
export type { ConvertOptions } from "./convert/converted.ts";
export { foreignDataset, isUndivided } from "./foreign-dataset.ts";
export { trainArguments } from "./options/arguments.ts";
export { argumentChoices } from "./options/choices.ts";
export type { YoloOptions } from "./options/options.ts";
export { parseOptions } from "./options/words.ts";
export { yolo } from "./yolo.ts";

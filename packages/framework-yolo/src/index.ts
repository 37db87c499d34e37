export type { ConversionReport, ForeignDataset } from "./convert/convert.ts";
export type { ConvertOptions } from "./convert/converted.ts";
export { isUnsplit, recognizeForeignDataset } from "./foreign-dataset.ts";
export { trainArguments } from "./options/arguments.ts";
export { listArgumentChoices } from "./options/choices.ts";
export type { YoloOptions } from "./options/options.ts";
export { parseOptions } from "./options/parse-options.ts";
export { yolo } from "./yolo.ts";

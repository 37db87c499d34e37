export type { ConversionReport, ForeignDataset } from "./convert/convert.ts";
export type { ConvertOptions } from "./convert/converted.ts";
export { isUnsplit, recognizeForeignDataset } from "./foreign-dataset.ts";
export { listOptions } from "./options/list-options.ts";
export type { YoloOptions } from "./options/options.ts";
export { parseOptions } from "./options/parse-options.ts";
export { yolo, yolo as framework } from "./yolo.ts";

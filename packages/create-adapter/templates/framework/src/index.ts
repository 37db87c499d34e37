export { acmeName, acmeName as default } from "./framework.ts";
export type { AcmeNameOptions } from "./options.ts";

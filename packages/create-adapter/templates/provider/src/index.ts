export type { AcmeNameOptions } from "./options.ts";
export { acmeName, acmeName as default } from "./provider.ts";

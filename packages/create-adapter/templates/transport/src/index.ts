export type { AcmeNameOptions } from "./options.ts";
export { acmeNameMachine, acmeNameMachine as default } from "./provider.ts";
export { acmeName } from "./transport.ts";

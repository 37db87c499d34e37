export type { SshOptions } from "./options.ts";
export { ssh } from "./ssh.ts";
export { type IsConfiguredHostOptions, isConfiguredHost } from "./target/is-configured-host.ts";

export type { SshOptions } from "./options.ts";
export { ssh } from "./ssh.ts";

export type { SshMachineOptions } from "./options.ts";
export { sshMachine } from "./ssh-machine.ts";

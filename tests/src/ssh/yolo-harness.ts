import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { SshMachineOptions } from "@unitrain/provider-ssh";
import type { SshOptions } from "@unitrain/transport-ssh";
import { onTestFinished } from "vitest";
import { testServer } from "./ssh-server.ts";

/** A machine over ssh that trains with the Ultralytics of this computer, which is installed once for all tests. */
export interface YoloHarness {
  readonly folder: string;
  readonly home: string;
  /** The home folder of the user on the machine. */
  readonly machineHome: string;
  readonly machine: SshMachineOptions;
  readonly sshOptions: SshOptions;
}

export async function yoloOverSsh(): Promise<YoloHarness> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain yolo "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const server = await testServer({ onEnd: onTestFinished });
  await mkdir(join(homedir(), ".cache"), { recursive: true });
  await symlink(join(homedir(), ".cache"), join(server.home, ".cache"));
  const sshConfigFile = join(folder, "ssh_config");
  await writeFile(sshConfigFile, "");
  return {
    folder,
    home: join(folder, "home"),
    machineHome: server.home,
    machine: { host: "127.0.0.1", port: server.port, user: server.user },
    sshOptions: { identityFile: server.keyFile, knownHostsFile: server.knownHostsFile, sshConfigFile },
  };
}

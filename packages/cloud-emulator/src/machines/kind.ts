import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

/**
 * What a machine can be here. `root`: namespaces and everything else. `user`: an ordinary user's namespaces, so no sudo
 * and /usr as it is. `plain`: no namespaces, only processes and a folder.
 */
export type MachineKind = "root" | "user" | "plain";

/** The flags of `unshare` that make a machine of this kind. */
export const namespaces = {
  root: ["--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"],
  user: ["--user", "--map-root-user", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"],
} as const;

/** Does what a boot does first: some containers let a namespace be made, but nothing be mounted in it. */
const probeScript = "mount -t tmpfs tmpfs /mnt && mount -t proc proc /proc";

/** `walls: false`: as where no namespaces can be had. */
export function detectMachineKind(useNamespaces: boolean): MachineKind {
  if (process.platform !== "linux") {
    throw new Error('Real machines need Linux: start the emulator with `machines: "none"` here.');
  }
  findSshd();
  const best = process.getuid?.() === 0 ? "root" : "user";
  if (useNamespaces && canCreate(best)) return best;
  // An sshd of root lets everybody in as themselves: without walls around it that is not for tests.
  if (best === "root") {
    throw new Error(
      'Root may not make namespaces here: start the emulator as an ordinary user, or with `machines: "none"`.',
    );
  }
  return "plain";
}

/** Whether machines of a kind can be had here, by this or by another user. */
export function canCreate(kind: MachineKind, uid?: number): boolean {
  if (kind === "plain") return true;
  const as = uid === undefined ? {} : { uid, gid: uid };
  const words = [...namespaces[kind], "sh", "-c", probeScript];
  return spawnSync("unshare", words, { stdio: "ignore", timeout: 10_000, ...as }).status === 0;
}

export function findSshd(): string {
  const found = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"].find(isExecutable);
  if (found === undefined) {
    throw new Error(
      'Real machines need sshd: install openssh-server, or start the emulator with `machines: "none"`.',
    );
  }
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

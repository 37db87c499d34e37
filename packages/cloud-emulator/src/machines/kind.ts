import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

/**
 * How machines are isolated. `root`: all namespaces. `user`: an unprivileged user's namespaces, without sudo and with a
 * read-only /usr. `plain`: no namespaces, only processes and a folder.
 */
export type MachineKind = "root" | "user" | "plain";

/** Flags of `unshare` by kind. */
export const namespaces = {
  root: ["--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"],
  user: ["--user", "--map-root-user", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"],
} as const;

/** Tests mounting, because some containers allow creating a namespace but not mounting in it. */
const probeScript = "mount -t tmpfs tmpfs /mnt && mount -t proc proc /proc";

/** Detects the best kind that this computer supports. Returns `plain` if `useNamespaces` is false. */
export function detectMachineKind(useNamespaces: boolean): MachineKind {
  if (process.platform !== "linux") {
    throw new Error('Real machines need Linux: start the emulator with `machines: "none"` here.');
  }
  findSshd();
  const best = process.getuid?.() === 0 ? "root" : "user";
  if (useNamespaces && canCreate(best)) return best;
  // Without namespaces, an sshd that runs as root would allow logins as any user of this computer.
  if (best === "root") {
    throw new Error(
      'Cannot create namespaces as root: start the emulator as an ordinary user, or with `machines: "none"`.',
    );
  }
  return "plain";
}

/** Returns whether this computer supports a kind of machine, for this or another user. */
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

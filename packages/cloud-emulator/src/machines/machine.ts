import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bootScript } from "./boot-script.ts";
import { endMachineScript, firstBootScript, rebootCode } from "./first-boot-script.ts";
import { findSshd, type MachineKind, namespaces } from "./kind.ts";
import type { MachineImage } from "./machine-source.ts";
import { plainScript } from "./plain-script.ts";
import type { Share } from "./share.ts";

/** A running machine. */
export interface Machine {
  /** Address of its sshd; only the address router connects to it. */
  readonly host: string;
  readonly port: number;
  /** Process id of its first process on this computer. */
  readonly pid: number;
  /** Returns whether it has ended for any reason. */
  hasEnded(): boolean;
  /** Returns whether it ended because of a reboot from inside. */
  wantsReboot(): boolean;
  /** Sends a command: `ready` allows logins from now on, `host-key` replaces the host key of sshd. */
  send(word: "ready" | "host-key"): void;
  /** Kills all of its processes; resolves when they have ended. */
  end(): Promise<void>;
}

/** Boots a machine in its folder, with the disk of an earlier boot if there is one. */
export function bootMachine(wanted: {
  readonly folder: string;
  readonly kind: MachineKind;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly publicKey: string | null;
  readonly share: readonly Share[];
  readonly environment: Readonly<Record<string, string>>;
  readonly image: MachineImage;
  readonly sevenBits: boolean;
}): Machine {
  const { folder, kind, host, port } = wanted;
  const mark = `UNITRAIN_EMULATOR_MACHINE=${folder}`;
  prepareFolder(wanted, kind === "plain" ? mark : undefined);
  const log = openSync(path.join(folder, "console.log"), "a", 0o600);
  const script = [path.join(folder, kind === "plain" ? "plain.sh" : "boot.sh"), folder];
  const command = kind === "plain" ? ["sh", ...script] : ["unshare", ...namespaces[kind], "sh", ...script];
  const [program = "sh", ...words] = command;
  const child = spawn(program, words, {
    cwd: "/",
    stdio: ["pipe", log, log],
    // In a session of its own, so that signals to the process group of a terminal or test runner do not reach the
    // machine.
    detached: true,
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      MACHINE_KIND: kind,
      MACHINE_NAME: wanted.name.replace(/[^\w-]/g, "-").slice(0, 60),
      MACHINE_ADDRESS: host,
      MACHINE_PORT: String(port),
      // Only a machine of root can let root in.
      MACHINE_USER: kind === "root" ? wanted.image.user : "ubuntu",
      MACHINE_SHM: String(wanted.image.sharedMemoryMb ?? ""),
      MACHINE_SEVEN_BITS: wanted.sevenBits ? "yes" : "",
      MACHINE_MARK: mark,
      MACHINE_SSHD: findSshd(),
    },
  });
  closeSync(log);
  // It may have ended before it receives a command.
  child.stdin?.on("error", () => {});
  child.on("error", () => {});
  writeFileSync(path.join(folder, "pid"), String(child.pid ?? ""), { mode: 0o600 });
  return createMachine(child, kind, host, port);
}

function createMachine(child: ChildProcess, kind: MachineKind, host: string, port: number): Machine {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  return {
    host,
    port,
    pid: child.pid ?? 0,
    hasEnded,
    wantsReboot: () => child.exitCode === rebootCode,
    send: (word) => void child.stdin?.write(`${word}\n`),
    async end() {
      if (hasEnded()) return;
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      const firstPid = findFirstProcess(child.pid ?? 0);
      // All processes of a namespace end with the first one.
      if (kind !== "plain" && firstPid !== undefined) process.kill(firstPid, "SIGKILL");
      else if (kind !== "plain") child.kill("SIGKILL");
      child.stdin?.end();
      // Plain machines clean up by themselves; kill them if they take too long.
      const tooLong = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(tooLong);
    },
  };
}

/** Returns the process that `unshare` forked; undefined before it did. */
function findFirstProcess(pid: number): number | undefined {
  try {
    const firstPid = Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"), 10);
    return Number.isNaN(firstPid) ? undefined : firstPid;
  } catch {
    return undefined;
  }
}

function prepareFolder(wanted: Parameters<typeof bootMachine>[0], mark: string | undefined): void {
  const { folder, publicKey, share, environment } = wanted;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  write("boot.sh", bootScript);
  write("first-boot.sh", firstBootScript);
  write("end-machine.sh", endMachineScript);
  write("plain.sh", plainScript);
  writeFileSync(path.join(folder, "boot-id"), `${randomUUID()}\n`, { mode: 0o644 });
  write("authorized_keys", publicKey === null ? "" : `${publicKey}\n`);
  write("shares", share.map(({ how, from, to }) => `${how} ${from} ${to}\n`).join(""));
  write("environment", formatEnvironment(environment, folder, mark));
  const hostKey = path.join(folder, "host_key");
  if (!existsSync(hostKey)) {
    const keygen = spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", hostKey], {
      timeout: 20_000,
    });
    if (keygen.status !== 0) throw new Error(`ssh-keygen failed: ${String(keygen.stderr ?? keygen.error)}`);
  }
}

/** Formats the environment in one line, because sshd uses only the first `SetEnv`. */
function formatEnvironment(
  environment: Readonly<Record<string, string>>,
  folder: string,
  mark: string | undefined,
): string {
  const plain = mark === undefined ? [] : [mark, `HOME=${path.join(folder, "disk/home")}`];
  const baseVariables =
    mark === undefined ? ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"] : [];
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const pairs = [...baseVariables, ...plain, ...variables].map(
    (pair) => `"${pair.replace(/(["\\])/g, "\\$1")}"`,
  );
  return `SetEnv ${pairs.join(" ")}\n`;
}

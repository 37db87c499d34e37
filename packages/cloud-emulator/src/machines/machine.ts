import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bootScript } from "./boot-script.ts";
import { endMachineScript, firstBootScript, rebootCode } from "./first-boot-script.ts";
import { findSshd, type MachineKind, namespaces } from "./kind.ts";
import { plainScript } from "./plain-script.ts";
import type { Share } from "./share.ts";

/** A machine that runs. */
export interface Machine {
  /** Where its sshd listens; only the sanitizer goes there. */
  readonly host: string;
  readonly port: number;
  /** Its first process, as seen from outside. */
  readonly pid: number;
  /** Whether it ended, of itself or not. */
  hasEnded(): boolean;
  /** Whether it ended because somebody inside asked for a reboot. */
  wantsReboot(): boolean;
  /** `ready`: logins are let in from now on. `host-key`: sshd gets a new one. */
  send(word: "ready" | "host-key"): void;
  /** Ends everything that runs in it; resolves when nothing does any more. */
  end(): Promise<void>;
}

/** Boots a machine in its folder; what an earlier boot left on its disk is there again. */
export function bootMachine(wanted: {
  readonly folder: string;
  readonly kind: MachineKind;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly publicKey: string | null;
  readonly share: readonly Share[];
  readonly environment: Readonly<Record<string, string>>;
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
    // A session of its own: what a terminal or a test runner does to its group does not reach in here.
    detached: true,
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      MACHINE_KIND: kind,
      MACHINE_NAME: wanted.name.replace(/[^\w-]/g, "-").slice(0, 60),
      MACHINE_ADDRESS: host,
      MACHINE_PORT: String(port),
      MACHINE_MARK: mark,
      MACHINE_SSHD: findSshd(),
    },
  });
  closeSync(log);
  // It may be gone before it is told something.
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
      // With the first process of a namespace all others end, and only then does it count as ended.
      if (kind !== "plain" && firstPid !== undefined) process.kill(firstPid, "SIGKILL");
      else if (kind !== "plain") child.kill("SIGKILL");
      child.stdin?.end();
      // Plain ones clean up by themselves, unless they cannot.
      const tooLong = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(tooLong);
    },
  };
}

/** What `unshare` forked; undefined before it did. */
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

/** sshd takes the first `SetEnv` only, so all stands in one. */
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

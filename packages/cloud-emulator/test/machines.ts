import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chown, mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { vi } from "vitest";
import type { Emulator } from "../src/canopywave/emulator.ts";
import type { FaultOrder } from "../src/canopywave/faults/plan.ts";
import type { EmulatorOptions } from "../src/canopywave/options.ts";
import { type Answer, request } from "./cloud.ts";
import type { Drive } from "./drive-emulator.ts";

const run = promisify(execFile);
/** An ordinary user for tests that root runs, which exists only in the emulator's own view of this computer. */
export const unprivilegedUser = { uid: 64_321, line: "somebody:x:64321:64321::/tmp:/bin/sh" };

/** Lines of /etc/passwd and /etc/group that replace those of the same name. */
export interface Accounts {
  readonly passwd: readonly string[];
  readonly group: readonly string[];
}

/** An emulator in its own process, with a client for its machines. */
export interface DrivenCloud {
  readonly folder: string;
  readonly pid: number;
  call(method: string, target: string, body?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Launches an instance, waits until it is ACTIVE and associates an address. */
  rent(name: string): Promise<Rented>;
  /** Ends the process with SIGKILL, and starts the next one on the same folder. */
  killAndRestart(): Promise<void>;
  end(): Promise<void>;
}

export interface Rented {
  readonly id: string;
  readonly ip: string;
  readonly ipId: string;
  readonly port: number;
  readonly user: string;
  /** Runs a command on the machine; `ok` is false when login or command failed. */
  ssh(command: string, login?: { readonly user?: string; readonly key?: string }): Promise<Outcome>;
  /** Repeats the login until it works. */
  waitForLogin(): Promise<void>;
  /** Returns the first bytes that the server sends on a new connection. */
  probePort(): Promise<ProbeResult>;
  hostKey(): Promise<string>;
}

type ProbeResult = "dropped" | "refused" | "silent" | "banner";

interface Outcome {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export async function driveCloud(wanted: {
  readonly isUnprivileged: boolean;
  readonly namespaces: boolean;
  readonly faults?: readonly FaultOrder[];
  /** Additional accounts of this computer, in the emulator's own view of it. */
  readonly accounts?: Accounts;
  /** The umask of the emulator's process. */
  readonly umask?: string;
  /** Replaces the mounts that `shared` creates. */
  readonly share?: EmulatorOptions["share"];
  /** A folder that every machine has at /opt/shared, and writable at ~/.cache/both. */
  readonly shared?: string;
}): Promise<DrivenCloud> {
  const folder = await mkdtemp(path.join(tmpdir(), "unitrain-machines-"));
  const keys = await mkdtemp(path.join(tmpdir(), "unitrain-keys-"));
  for (const name of ["right", "wrong"]) {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path.join(keys, name)]);
  }
  if (wanted.isUnprivileged) await chown(folder, unprivilegedUser.uid, unprivilegedUser.uid);
  const drive: Drive = {
    ...(wanted.isUnprivileged ? { uid: unprivilegedUser.uid } : {}),
    options: {
      folder,
      machines: "real",
      namespaces: wanted.namespaces,
      others: "none",
      ...machineOptions(wanted.shared),
      ...(wanted.share === undefined ? {} : { share: wanted.share }),
    },
    faults: wanted.faults ?? [],
  };
  const view = {
    umask: wanted.umask ?? "022",
    passwd: [...(wanted.isUnprivileged ? [unprivilegedUser.line] : []), ...(wanted.accounts?.passwd ?? [])],
    group: wanted.accounts?.group ?? [],
  };
  let running = await start(drive, view);

  const call: DrivenCloud["call"] = (method, target, body) => request(running.endpoint, method, target, body);
  return {
    folder,
    get pid() {
      return running.child.pid ?? 0;
    },
    call,
    async rent(name) {
      const publicKey = await readFile(path.join(keys, "right.pub"), "utf8");
      await call("POST", "/ssh-keys", { name: `key-${name}`, publicKey });
      const launchRequest = {
        name,
        flavor: "m1.small",
        image: "CPU-Ubuntu.22.04",
        password: "x",
        keypair: `key-${name}`,
      };
      const { data: launched } = await call("POST", "/instance-operations/launch", launchRequest);
      const { data: address } = await call("POST", "/ips");
      await waitUntil(async () => {
        const answer = await call("POST", `/ips/${address.id}/associate`, { instanceId: launched.id });
        return answer.status === 200;
      });
      const { ssh } = running.endpoint;
      return createRented({ id: launched.id, ip: address.ip, ipId: address.id, ...ssh }, keys);
    },
    async killAndRestart() {
      const ended = new Promise((resolve) => running.child.once("exit", resolve));
      running.child.kill("SIGKILL");
      await ended;
      running = await start({ ...drive, faults: [] }, view);
    },
    async end() {
      const ended = new Promise((resolve) => running.child.once("exit", resolve));
      running.child.stdin?.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
      for (const name of ["passwd", "group"]) await rm(`${folder}.${name}`, { force: true });
      await rm(keys, { recursive: true, force: true });
    },
  };
}

function machineOptions(shared: string | undefined): Partial<EmulatorOptions> {
  if (shared === undefined) return {};
  return {
    share: [
      { from: shared, to: "/opt/shared" },
      { from: shared, to: "/home/ubuntu/.cache/both", how: "write" },
    ],
    environment: { GREETING: 'two "words" \\ $HOME' },
  };
}

/** Replaces accounts in the emulator's own view of this computer. */
const viewScript = `
umask "$1"; shift
for name in passwd group; do
  if [ -n "$1" ]; then
    names=$(printf '%s\n' "$1" | sed 's/:.*//; s/.*/^&:/')
    { grep -v -e "$names" /etc/$name; printf '%s\n' "$1"; } > "$0.$name"
    chmod 644 "$0.$name"
    mount --bind "$0.$name" /etc/$name
  fi
  shift
done
exec "$@"
`;

type Reached = Pick<Emulator, "url" | "apiKey" | "ssh">;

async function start(
  drive: Drive,
  view: Accounts & { readonly umask: string },
): Promise<{
  readonly child: ChildProcess;
  readonly endpoint: Reached;
}> {
  const driver = path.join(import.meta.dirname, "drive-emulator.ts");
  const node = [process.execPath, "--conditions=@unitrain/source", driver, JSON.stringify(drive)];
  const seen = ["sh", "-c", viewScript, drive.options.folder, view.umask];
  seen.push(view.passwd.join("\n"), view.group.join("\n"), ...node);
  const namespaceCommand = view.passwd.length + view.group.length > 0 ? ["unshare", "--mount"] : [];
  const [program = "", ...words] = [...namespaceCommand, ...seen];
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const first = await new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    child.once("exit", (code) => reject(new Error(`The emulator ended with ${code}.`)));
  });
  return { child, endpoint: JSON.parse(first) as Reached };
}

function createRented(
  at: {
    readonly id: string;
    readonly ip: string;
    readonly ipId: string;
    readonly port: number;
    readonly user: string;
  },
  keys: string,
): Rented {
  const ssh: Rented["ssh"] = async (command, { user = at.user, key = "right" } = {}) => {
    const words = ["-F", "none", "-i", path.join(keys, key), "-p", String(at.port)];
    for (const option of [
      "IdentitiesOnly=yes",
      "BatchMode=yes",
      "ConnectTimeout=5",
      "StrictHostKeyChecking=no",
      "UserKnownHostsFile=/dev/null",
    ]) {
      words.push("-o", option);
    }
    try {
      const { stdout, stderr } = await run("ssh", [...words, `${user}@${at.ip}`, command], {
        timeout: 20_000,
      });
      return { ok: true, stdout: stdout.trim(), stderr };
    } catch (error) {
      const { stdout = "", stderr = "" } = error as Partial<Outcome>;
      return { ok: false, stdout: stdout.trim(), stderr };
    }
  };
  return {
    ...at,
    ssh,
    async waitForLogin() {
      await waitUntil(async () => (await ssh("true")).ok);
    },
    probePort: () => probePort(at.ip, at.port),
    async hostKey() {
      const { stdout } = await run("ssh-keyscan", ["-T", "5", "-t", "ed25519", "-p", String(at.port), at.ip]);
      return stdout.trim().split(" ").at(-1) ?? "";
    },
  };
}

/** Also where no test runs yet. */
function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  const poll = async () => {
    if (!(await isSo())) throw new Error("It did not come to that in 20 s.");
  };
  return vi.waitFor(poll, { timeout: 20_000, interval: 100 });
}

function probePort(host: string, port: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (outcome: ProbeResult) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once("error", () => settle("refused"));
    socket.once("data", () => settle("banner"));
    setTimeout(() => settle("dropped"), 2_500).unref();
    // The connection was accepted, and a server that sends a banner sends it at once.
    socket.once("connect", () => setTimeout(() => settle("silent"), 1_000));
  });
}

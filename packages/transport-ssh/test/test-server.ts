import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "@unitrain/core/spec";
import { createKey, formatKnownHostsLine, type OnEnd } from "./keys.ts";

export interface TestServerOptions {
  readonly onEnd: OnEnd;
  /** Lines of sshd_config before ours, which take precedence. */
  readonly config?: readonly string[];
  /** Defaults to root where the tests run as root. The others are ordinary users with the login shell of their name; `trainer` has sh. */
  readonly user?: TestUser;
  /** Options of a tmpfs that the server sees as `<root>/disk`. Needs root. */
  readonly disk?: string;
  /** Defaults to a free port. */
  readonly port?: number;
  /** Accepts the client's key only with the certificate beside it, signed by `ca` in the root folder. Only OpenSSH supports that. */
  readonly certificate?: boolean;
  /** Options of ssh-keygen, such as `-n`, for a certificate of the host key, signed by `host-ca` in the root folder. */
  readonly hostCertificate?: readonly string[];
  /** The word that the server asks for once it has accepted the key. Needs root. */
  readonly asksFor?: string;
}

export type TestUser = "root" | "trainer" | "bash" | "fish" | "tcsh" | "csh" | "dash";

/** A real sshd on the loopback, with its own home, host key and users. All its processes end with it. */
export interface TestServer {
  /** Absolute path of a folder that is removed after the test. */
  readonly root: string;
  readonly home: string;
  readonly port: number;
  readonly user: string;
  /** The machine as a user's own one. */
  readonly machine: Extract<Machine, { readonly connectionKind: "ssh" }>;
  /** The private key that is accepted. */
  readonly keyFile: string;
  /** Contains the host key of the server. */
  readonly knownHostsFile: string;
  readonly hostKey: string;
  readonly log: () => string;
  authorize(publicKey: string): Promise<void>;
  forbidAll(): Promise<void>;
  /** Lists the processes that serve connections. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

export const isRoot = process.getuid?.() === 0;
const shells: readonly TestUser[] = ["bash", "fish", "tcsh", "csh", "dash"];
const firstUserId = 20_001;

export async function testServer(options: TestServerOptions): Promise<TestServer> {
  const { onEnd, config = [], disk } = options;
  // Short, because the path of a socket is limited to 100 characters.
  const root = await mkdtemp("/tmp/ut-");
  await chmod(root, 0o755);
  const user = isRoot ? (options.user ?? "root") : userInfo().username;
  const home = join(root, "home");
  const port = options.port ?? (await freePort());
  const keyFile = await createKey(root, "client");
  const hostKeyFile = await createKey(root, "host");
  const authorizedKeys = join(root, "authorized_keys");
  await writeFile(authorizedKeys, options.certificate ? "" : await readFile(`${keyFile}.pub`, "utf8"));
  if (options.certificate) signUserKey(await createKey(root, "ca"), keyFile, user);
  const { hostCertificate } = options;
  if (hostCertificate !== undefined) {
    const words = ["-q", "-s", await createKey(root, "host-ca"), "-h", "-I", "host", ...hostCertificate];
    execFileSync("ssh-keygen", [...words, `${hostKeyFile}.pub`], { stdio: "ignore" });
  }
  await mkdir(home);
  const userId = firstUserId + ["trainer", ...shells].indexOf(user);
  if (isRoot && user !== "root") await chown(home, userId, userId);
  await writeFile(join(root, "passwd"), await passwd(home));
  if (disk !== undefined) await mkdir(join(root, "disk"));
  if (options.asksFor !== undefined) await writePam(root, options.asksFor);
  const configFile = join(root, "sshd_config");
  const lines = [
    ...config,
    ...(options.asksFor === undefined ? [] : factorSettings),
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${hostKeyFile}`,
    ...(hostCertificate === undefined ? [] : [`HostCertificate ${hostKeyFile}-cert.pub`]),
    `AuthorizedKeysFile ${authorizedKeys}`,
    "StrictModes no",
    "UsePAM no",
    "PidFile none",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin yes",
    "LogLevel VERBOSE",
    ...(options.certificate ? [`TrustedUserCAKeys ${join(root, "ca.pub")}`] : []),
    // Uses a separate tmux server, because a shared one would start the jobs of this machine in another namespace.
    `SetEnv TMUX_TMPDIR=${home}${isRoot ? "" : ` HOME=${home}`}`,
  ];
  await writeFile(configFile, `${lines.join("\n")}\n`);
  const child = isRoot ? startApart(root, configFile, options) : start(configFile);
  let log = "";
  child.stderr?.on("data", (chunk) => {
    log += chunk;
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  onEnd(async () => {
    await stop();
    await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  await listens(port, child, () => log);
  const hostKey = (await readFile(`${hostKeyFile}.pub`, "utf8")).trim();
  const knownHostsFile = join(root, "known_hosts");
  await writeFile(knownHostsFile, formatKnownHostsLine(port, hostKey));
  return {
    root,
    home,
    port,
    user,
    machine: { connectionKind: "ssh", host: "127.0.0.1", port, user },
    keyFile,
    knownHostsFile,
    hostKey,
    log: () => log,
    authorize: (publicKey) => appendFile(authorizedKeys, `${publicKey}\n`),
    forbidAll: () => writeFile(authorizedKeys, ""),
    pids: () => descendants(child.pid ?? 0),
    stop,
  };
}

/** Writes the certificate beside the key. */
export function signUserKey(
  ca: string,
  keyFile: string,
  user: string,
  options: readonly string[] = [],
): void {
  const words = ["-q", "-s", ca, "-I", "test", "-n", user, ...options, `${keyFile}.pub`];
  execFileSync("ssh-keygen", words, { stdio: "ignore" });
}

const factorSettings = [
  "UsePAM yes",
  "KbdInteractiveAuthentication yes",
  "AuthenticationMethods publickey,keyboard-interactive",
];

/** Writes a PAM rule that only asks for this word. */
async function writePam(root: string, word: string): Promise<void> {
  const check = join(root, "check");
  await writeFile(check, `#!/bin/sh\n[ "$(tr -d '\\0')" = '${word}' ]\n`, { mode: 0o755 });
  const rules = [
    `auth required pam_exec.so expose_authtok quiet ${check}`,
    "auth required pam_permit.so",
    "account required pam_permit.so",
    "session optional pam_permit.so",
  ];
  await writeFile(join(root, "pam"), `${rules.join("\n")}\n`);
}

/** Starts sshd in its own namespaces, with other users, and so that all its processes end with it. */
function startApart(root: string, configFile: string, { disk, asksFor }: TestServerOptions): ChildProcess {
  const script = [
    "mkdir -p /run/sshd",
    `mount --bind '${root}/passwd' /etc/passwd`,
    ...(asksFor === undefined ? [] : [`mount --bind '${root}/pam' /etc/pam.d/sshd`]),
    ...(disk === undefined ? [] : [`mount -t tmpfs -o '${disk}' none '${root}/disk'`]),
    `exec /usr/sbin/sshd -D -e -f '${configFile}'`,
  ].join(" && ");
  // Ends also when the tests are killed.
  const apart = ["--pdeathsig", "KILL", "unshare", "-m", "-p", "-f", "--mount-proc", "--kill-child=KILL"];
  return spawn("setpriv", [...apart, "sh", "-c", script], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env.PATH },
  });
}

function start(configFile: string): ChildProcess {
  return spawn("/usr/sbin/sshd", ["-D", "-e", "-f", configFile], { stdio: ["ignore", "ignore", "pipe"] });
}

/** Returns the users of this computer, root with another home, and the users of the tests. */
async function passwd(home: string): Promise<string> {
  const systemFile = await readFile("/etc/passwd", "utf8");
  const ours = ["trainer", ...shells].map((name, index) => {
    const id = firstUserId + index;
    const shell =
      name === "trainer"
        ? "/bin/sh"
        : execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    return `${name}:x:${id}:${id}::${home}:${shell}`;
  });
  return `${systemFile.replace(/^(root:[^:]*:0:0:[^:]*):[^:]*:[^:]*$/m, `$1:${home}:/bin/bash`).trimEnd()}\n${ours.join("\n")}\n`;
}

async function listens(port: number, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (answered) return;
    await sleep(20);
  }
  throw new Error(`sshd did not start (Debian, Ubuntu: apt-get install openssh-server): ${log()}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function descendants(pid: number): readonly number[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=", "-o", "ppid="], { encoding: "utf8" });
  const pairs = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, parentPid]) => parentPid === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid);
}

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../../packages/transport-posix/test/processes.ts";
import { freePort } from "../../../packages/transport-ssh/test/test-server.ts";
import { nodes, slurmConfig } from "./slurm-config.ts";

/** A real Slurm on this computer, with two nodes. All its files are in one folder. */
export interface SlurmCluster {
  /** Readable by all, absolute. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a Slurm command and returns what it prints. */
  ask(...words: string[]): string;
  /** `slurmctld`, `slurmd-n1` or `slurmd-n2`. */
  startDaemon(name: string): Promise<void>;
  endDaemon(name: string): Promise<void>;
  /** Ends every daemon by its pid file, and removes the folder. */
  end(): Promise<void>;
}

const folders = "/tmp/ut-slurm-";

/** @throws Error when a daemon does not start; daemons that had started are ended. */
export async function startSlurm(): Promise<SlurmCluster> {
  await endAbandoned();
  const folder = await mkdtemp(folders);
  await writeFile(join(folder, "owner"), String(process.pid));
  // The folder of a socket must be accessible to all users, and the key only to its owner.
  await chmod(folder, 0o755);
  for (const name of ["state", "spool"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "munge.key"), randomBytes(1024), { mode: 0o400 });
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  await writeFile(join(folder, "slurm.conf"), slurmConfig(folder, ports));
  const cluster = clusterIn(folder);
  try {
    for (const name of Object.keys(listDaemonCommands(folder))) await cluster.startDaemon(name);
    await untilIdle(cluster.ask);
  } catch (error) {
    const log = await readFile(join(folder, "slurmctld.log"), "utf8").catch(() => "");
    await cluster.end();
    throw new Error(`Slurm did not start: ${error}\n${log.slice(-2000)}`);
  }
  return cluster;
}

/** Ends clusters that killed tests left running. */
async function endAbandoned(): Promise<void> {
  for (const name of await readdir("/tmp")) {
    const folder = join("/tmp", name);
    if (!folder.startsWith(folders)) continue;
    const owner = Number(await readFile(join(folder, "owner"), "utf8").catch(() => ""));
    if (owner > 0 && !isAlive(owner)) await clusterIn(folder).end();
  }
}

function clusterIn(folder: string): SlurmCluster {
  const env = { SLURM_CONF: join(folder, "slurm.conf") };
  const daemons = listDaemonCommands(folder);
  const ask = (...words: string[]) => run(words, env);
  const endDaemon = async (name: string) => {
    const pidFile = join(folder, `${name}.pid`);
    const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
    // Another process may have this id by now.
    const isOurs =
      pid > 0 && (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).includes(folder);
    for (let turn = 0; isOurs && turn < 100 && isAlive(pid); turn += 1) {
      if (turn === 0 || turn === 80) process.kill(pid, turn === 0 ? "SIGTERM" : "SIGKILL");
      await sleep(100);
    }
    await rm(pidFile, { force: true });
  };
  return {
    folder,
    env,
    ask,
    startDaemon: async (name) => void ask(...(daemons[name] ?? [])),
    endDaemon,
    async end() {
      // Jobs outlive the daemons.
      await endJobs(ask).catch(() => {});
      for (const name of Object.keys(daemons).reverse()) await endDaemon(name);
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** Each with its command, in the order in which they start. */
function listDaemonCommands(folder: string): Readonly<Record<string, readonly string[]>> {
  const config = join(folder, "slurm.conf");
  const munge = Object.entries({
    "key-file": "munge.key",
    socket: "munge.socket",
    "pid-file": "munged.pid",
    "log-file": "munge.log",
    "seed-file": "munge.seed",
  });
  return {
    munged: ["munged", ...munge.map(([option, file]) => `--${option}=${join(folder, file)}`)],
    slurmctld: ["slurmctld", "-f", config],
    ...Object.fromEntries(nodes.map((node) => [`slurmd-${node}`, ["slurmd", "-N", node, "-f", config]])),
  };
}

async function untilIdle(ask: SlurmCluster["ask"]): Promise<void> {
  for (let turn = 0; turn < 150; turn += 1) {
    const states = ask("sinfo", "-h", "-N", "-o", "%T").trim().split("\n");
    if (states.length === nodes.length && states.every((state) => state === "idle")) return;
    await sleep(200);
  }
  throw new Error("the nodes are not idle after 30 s");
}

async function endJobs(ask: SlurmCluster["ask"]): Promise<void> {
  ask("scancel", `--user=${userInfo().username}`);
  for (let turn = 0; turn < 100 && ask("squeue", "-h") !== ""; turn += 1) await sleep(200);
}

function run([program = "", ...words]: readonly string[], env: Readonly<Record<string, string>>): string {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    encoding: "utf8",
    env: { ...process.env, PATH: path, ...env },
    timeout: 30_000,
  });
  if (status === 0) return stdout;
  throw new Error(`${program} ${words.join(" ")}: ${error?.message ?? stderr}`);
}

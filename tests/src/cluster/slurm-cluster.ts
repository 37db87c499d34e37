import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../../packages/transport-posix/test/processes.ts";
import { freePort } from "../../../packages/transport-ssh/test/test-server.ts";

/** A real Slurm on this computer, with two nodes. All its files are in one folder. */
export interface SlurmCluster {
  /** Readable by all, absolute. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a Slurm command and returns what it prints. */
  ask(...words: string[]): string;
  /** `slurmctld`, `slurmd-n1` or `slurmd-n2`. */
  startDaemon(name: string): Promise<void>;
  endDaemon(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Ends every daemon by its pid file, and removes the folder. */
  end(): Promise<void>;
}

const nodes = ["n1", "n2"];

/** @throws Error when a daemon does not start; what had started is ended. */
export async function startSlurm(): Promise<SlurmCluster> {
  const folder = await mkdtemp("/tmp/ut-slurm-");
  // A socket's folder must be open to all, and the key to nobody else.
  await chmod(folder, 0o755);
  const config = join(folder, "slurm.conf");
  for (const name of ["state", "spool"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "munge.key"), randomBytes(1024), { mode: 0o400 });
  await writeFile(config, slurmConfig(folder, await Promise.all([freePort(), freePort(), freePort()])));
  const env = { SLURM_CONF: config };
  const ask = (...words: string[]) => run(words, env);
  const daemons: Readonly<Record<string, readonly string[]>> = {
    munged: ["munged", ...["key", "socket", "pid", "log", "seed"].map((name) => mungeOption(folder, name))],
    slurmctld: ["slurmctld", "-f", config],
    ...Object.fromEntries(nodes.map((node) => [`slurmd-${node}`, ["slurmd", "-N", node, "-f", config]])),
  };
  const pidFile = (name: string) => join(folder, `${name === "munged" ? "munge" : name}.pid`);
  const endDaemon = async (name: string, signal: NodeJS.Signals = "SIGTERM") => {
    const pid = Number(await readFile(pidFile(name), "utf8").catch(() => ""));
    if (!(pid > 0)) return;
    for (let turn = 0; turn < 100 && isAlive(pid); turn += 1) {
      if (turn === 0 || turn === 80) process.kill(pid, turn === 0 ? signal : "SIGKILL");
      await sleep(100);
    }
    await rm(pidFile(name), { force: true });
  };
  const startDaemon = async (name: string) => void ask(...(daemons[name] ?? []));
  const end = async () => {
    // Jobs outlive the daemons.
    await endJobs(ask).catch(() => {});
    for (const name of Object.keys(daemons).reverse()) await endDaemon(name);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    for (const name of Object.keys(daemons)) await startDaemon(name);
    await untilIdle(ask);
  } catch (error) {
    const log = await readFile(join(folder, "slurmctld.log"), "utf8").catch(() => "");
    await end();
    throw new Error(`Slurm did not start: ${error}\n${log.slice(-2000)}`);
  }
  return { folder, env, ask, startDaemon, endDaemon, end };
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

function mungeOption(folder: string, name: string): string {
  const option = { key: "key-file", socket: "socket", pid: "pid-file", log: "log-file", seed: "seed-file" }[
    name
  ];
  return `--${option}=${join(folder, `munge.${name}`)}`;
}

function slurmConfig(folder: string, [controller, ...ports]: readonly number[]): string {
  const host = hostname().split(".")[0];
  return `ClusterName=unitrain
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=${userInfo().username}
SlurmdUser=${userInfo().username}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SlurmdTimeout=10
ReturnToService=2
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_interval=1
KillWait=5
MessageTimeout=5
${nodes.map((node, index) => `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[index]} CPUs=16 RealMemory=4000`).join("\n")}
PartitionName=main Nodes=${nodes.join(",")} Default=YES MaxTime=INFINITE State=UP
`;
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

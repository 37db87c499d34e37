import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { posix } from "node:path";
import {
  type ConnectionKind,
  defineTransport,
  type FollowPart,
  type Job,
  type JobState,
  type MachineFacts,
  type Session,
  type Transport,
  UnitrainError,
} from "@unitrain/core/spec";
import { createLifetime, type Lifetime } from "./lifetime.ts";
import type { MemoryCloud, MemoryJob, MemoryTraining } from "./memory-cloud.ts";

const facts: MachineFacts = {
  os: "Linux",
  architecture: "x86_64",
  hostname: "memory",
  home: "/home/memory",
  workFolder: "/home/memory/.unitrain/1",
  environmentsFolder: "/home/memory/.cache/unitrain/1/environments",
  cpus: 4,
  ramBytes: 16e9,
  sharedMemoryBytes: 8e9,
  mounts: [{ path: "/", freeBytes: 100e9 }],
  gpus: [],
  tools: ["python3"],
  root: false,
};

/**
 * Creates a transport to the machine of a `MemoryCloud`. Any call can be made to fail, hang or lose its answer.
 *
 * @param cloud The cloud with the machine.
 * @param lifetime The simulated process that calls it.
 * @param supports Kinds of connections that it supports.
 *
 * @example
 * ```ts
 * import { memoryTransport, memoryCloud, virtualClock } from "@unitrain/conformance";
 *
 * const cloud = memoryCloud(virtualClock());
 * const transport = memoryTransport(cloud);
 * cloud.faults.on("session.ship", "cut"); // the first upload loses its connection
 * console.log(transport.name); // memory
 * ```
 */
export function memoryTransport(
  cloud: MemoryCloud,
  lifetime: Lifetime = createLifetime(),
  supports: readonly ConnectionKind[] = ["x-memory"],
): Transport {
  return defineTransport({
    name: "memory",
    recipe: { module: "@unitrain/conformance", exportName: "memoryTransport", options: {}, secrets: [] },
    supports,
    identity: () =>
      cloud.step(lifetime, "transport.identity", () => ({ publicKey: "ssh-ed25519 AAAA memory" })),
    connect: () => cloud.step(lifetime, "transport.connect", () => createSession(cloud, lifetime)),
    access: (_machine, { folder }) =>
      cloud.step(lifetime, "transport.access", () => ({
        argv: ["enter", "--key", `${folder}/key`],
        target: "memory",
      })),
  });
}

/** Returns the simulated installation or setup; undefined for a training job. */
function preparing(cloud: MemoryCloud, { id, argv }: Job): MemoryTraining | undefined {
  if (id.endsWith("-setup")) return cloud.setup;
  if (argv[0] !== "install") return undefined;
  return { log: "installing\ninstalled\n", durationMs: 5_000, exitCode: 0, leaves: {} };
}

function createSession(cloud: MemoryCloud, lifetime: Lifetime): Session {
  const { machine } = cloud;
  const step = <T>(call: string, effect: () => T | Promise<T>) =>
    cloud.step(lifetime, `session.${call}`, () => {
      // Another machine is not the one that this session is connected to.
      if (call !== "close" && (machine === undefined || cloud.machine !== machine))
        throw createLostError(call);
      return effect();
    });
  return {
    facts: () => step("facts", () => facts),
    run: ({ argv }) =>
      step("run", () => {
        const exitCode = argv[0] === "works" && !cloud.isEnvironmentSound ? 1 : 0;
        return { exitCode, stdout: `${argv.join(" ")}\n`, stderr: "" };
      }),
    ship: (shipment, _context, progress) =>
      step("ship", async () => {
        const stored = `${facts.workFolder}/store/${shipment.digest}`;
        const reused = cloud.files.has(stored);
        for await (const batch of shipment.manifest.entries()) {
          for (const { path, from } of batch) {
            if ("bytes" in from) cloud.files.set(`${shipment.target}/${path}`, from.bytes);
          }
        }
        cloud.files.set(stored, new Uint8Array());
        const { bytes, files } = shipment;
        progress({ bytes, totalBytes: bytes, files, totalFiles: files });
        return { sentBytes: reused ? 0 : bytes, reusedBytes: reused ? bytes : 0 };
      }),
    start: (job, secrets) =>
      step("start", () => {
        if (cloud.jobs.has(job.id)) return;
        cloud.starts.set(job.id, (cloud.starts.get(job.id) ?? 0) + 1);
        const training = preparing(cloud, job) ?? cloud.training;
        const output = training === cloud.training ? job.argv[1] : undefined;
        cloud.jobs.set(job.id, {
          id: job.id,
          startedAt: cloud.clock.now(),
          training,
          output,
          env: job.env,
          secrets,
        });
        cloud.files.set(`${facts.workFolder}/jobs/${job.id}/log`, new Uint8Array());
      }),
    getJobState: (jobId) => step("getJobState", () => getState(cloud, cloud.jobs.get(jobId))),
    async *follow(jobId, offset, context): AsyncGenerator<FollowPart> {
      let position = offset;
      await step("follow", () => {});
      while (true) {
        const job = cloud.jobs.get(jobId);
        const state = getState(cloud, job);
        const log = Buffer.from(job?.training.log ?? "").subarray(
          0,
          "logBytes" in state ? state.logBytes : 0,
        );
        if (log.length > position) {
          const bytes = log.subarray(position);
          await step("follow-part", () => {});
          yield { kind: "log", offset: position, bytes };
          position = log.length;
        }
        if (state.state !== "running") return;
        await context.wait(1_000);
      }
    },
    stop: (jobId) =>
      step("stop", () => {
        const job = cloud.jobs.get(jobId);
        if (job !== undefined && getState(cloud, job).state === "running") job.stoppedAt = cloud.clock.now();
        writeOutputs(cloud, job);
      }),
    async *list(root) {
      await step("list", () => {});
      for (const job of cloud.jobs.values())
        if (getState(cloud, job).state !== "running") writeOutputs(cloud, job);
      for (const [path, content] of cloud.files) {
        if (!path.startsWith(`${root}/`)) continue;
        yield { path, sizeBytes: content.length, modifiedAt: new Date(cloud.clock.now()).toISOString() };
      }
    },
    fetch: (file, localPath, _context, progress) =>
      step("fetch", async () => {
        const content = cloud.files.get(file.path);
        if (content === undefined) throw new UnitrainError("FETCH_FAILED", `${file.path} does not exist.`);
        await writeLocalFile(content, localPath);
        progress(content.length);
        return { sha256: createHash("sha256").update(content).digest("hex") };
      }),
    fetchMany: (files, _context, saved) =>
      step("fetchMany", async () => {
        for (const wanted of files) {
          const content = cloud.files.get(wanted.file.path);
          if (content === undefined) continue;
          await writeLocalFile(content, wanted.localPath);
          saved(wanted, createHash("sha256").update(content).digest("hex"));
        }
      }),
    snapshot: (file, target) =>
      step("snapshot", () => {
        const content = cloud.files.get(file.path);
        if (content === undefined) throw new UnitrainError("FETCH_FAILED", `${file.path} is not there.`);
        cloud.files.set(target, content);
        return { ...file, path: target, sizeBytes: content.length };
      }),
    remove: (path) =>
      step("remove", () => {
        if (!posix.normalize(path).startsWith(`${facts.workFolder}/`)) {
          throw new UnitrainError("UNSAFE_PATH", `${path} is not below ${facts.workFolder}.`);
        }
        for (const stored of cloud.files.keys())
          if (stored === path || stored.startsWith(`${path}/`)) cloud.files.delete(stored);
      }),
    async [Symbol.asyncDispose]() {
      await step("close", () => {});
    },
  };
}

function createLostError(call: string): UnitrainError {
  return new UnitrainError("CONNECTION_LOST", `The machine of ${call} is gone.`, { retryable: true });
}

async function writeLocalFile(content: Uint8Array, localPath: string): Promise<void> {
  try {
    const handle = await open(`${localPath}.part`, "w");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${localPath}.part`, localPath);
  } catch (cause) {
    throw new UnitrainError("LOCAL_DISK", `${localPath} cannot be written on this computer.`, { cause });
  }
}

function getState(cloud: MemoryCloud, job: MemoryJob | undefined): JobState {
  if (job === undefined) return { state: "never-started" };
  const { training, startedAt, stoppedAt, lost } = job;
  const ranMs = Math.min((stoppedAt ?? cloud.clock.now()) - startedAt, training.durationMs);
  const logBytes = Math.floor((Buffer.byteLength(training.log) * ranMs) / training.durationMs);
  if (lost !== undefined) return { state: lost, detail: "as asked", logBytes };
  if (ranMs >= training.durationMs) return { state: "ended", exitCode: training.exitCode, logBytes };
  return stoppedAt === undefined
    ? { state: "running", logBytes }
    : { state: "ended", exitCode: 143, logBytes };
}

function writeOutputs(cloud: MemoryCloud, job: MemoryJob | undefined): void {
  if (job?.output === undefined) return;
  for (const [path, content] of Object.entries(job.training.leaves)) {
    cloud.files.set(`${job.output}/${path}`, Buffer.from(content));
  }
}

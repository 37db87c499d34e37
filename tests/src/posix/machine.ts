import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext, FollowPart, Job, JobState, RunContext, Session } from "@unitrain/core/spec";
import { childExecutor, type Executor, type JobHolder, posixTransport } from "@unitrain/transport-posix";
import { onTestFinished } from "vitest";

/** A machine that is this computer, with a work folder of its own. */
export interface TestMachine {
  readonly session: Session;
  readonly folder: string;
  readonly workFolder: string;
  readonly context: CallContext;
  /** Another connection to the same machine. */
  connect(): Promise<Session>;
  /** A job's own folder there. */
  jobFolder(jobId: string): string;
}

export interface TestMachineOptions {
  /** What a command line is given to. */
  readonly loginShell?: readonly [string, ...string[]];
  readonly env?: NodeJS.ProcessEnv;
  readonly holders?: readonly JobHolder[];
  /** Put around the executor, to cut lines and the like. */
  readonly around?: (executor: Executor) => Executor;
  readonly folder?: string;
}

export async function testMachine(options: TestMachineOptions = {}): Promise<TestMachine> {
  const folder = options.folder ?? (await temporaryFolder());
  const workFolder = join(folder, "work 'folder'");
  const [program, ...argv] = options.loginShell ?? ["sh", "-c"];
  const transport = posixTransport({
    name: "test",
    reaches: ["local"],
    workFolder,
    connect: async () => {
      const executor = childExecutor(program, argv, {
        env: { ...process.env, HOME: folder, ...options.env },
      });
      return options.around?.(executor) ?? executor;
    },
    ...(options.holders === undefined ? {} : { holders: options.holders }),
  });
  const context = contextOf();
  const connect = async () => {
    const session = await transport.connect({ reach: "local" }, { ...context, ...run, folder });
    if ("ready" in session) throw new Error(session.reason);
    onTestFinished(() => session[Symbol.asyncDispose]());
    return session;
  };
  const jobFolder = (jobId: string) => join(workFolder, "jobs", jobId);
  return { session: await connect(), folder, workFolder, context, connect, jobFolder };
}

const run = { runId: "run", leaseId: "lease" } satisfies Pick<RunContext, "runId" | "leaseId">;

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain machine "));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export function contextOf(signal: AbortSignal = new AbortController().signal): CallContext {
  return {
    signal,
    secret: () => {},
    say: () => {},
    wait: async (ms) => void (await sleep(ms, undefined, { signal })),
  };
}

/** A job that runs a few lines of sh, ended with the test. */
export function shellJob(machine: TestMachine, script: string, more: Partial<Job> = {}): Job {
  const id = `test-${randomBytes(5).toString("hex")}`;
  onTestFinished(() => machine.session.stop(id, 0, contextOf()).catch(() => {}));
  return {
    id,
    argv: ["sh", "-c", script],
    env: {},
    secrets: [],
    cwd: join(machine.folder, "cwd"),
    watch: [],
    needs: { gpus: 0 },
    title: "sh",
    ...more,
  };
}

/** Starts it, and follows it to its end. */
export async function runJob(machine: TestMachine, script: string, more: Partial<Job> = {}) {
  const job = shellJob(machine, script, more);
  await machine.session.start(job, {}, machine.context);
  const log = await followAll(machine.session, job.id);
  return { job, log, state: await machine.session.look(job.id, machine.context) };
}

export async function followAll(session: Session, jobId: string, offset = 0): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of session.follow(jobId, offset, contextOf())) {
    if (part.kind === "log") parts.push(part.bytes);
  }
  return Buffer.concat(parts);
}

export async function partsOf(session: Session, jobId: string): Promise<FollowPart[]> {
  const parts: FollowPart[] = [];
  for await (const part of session.follow(jobId, 0, contextOf())) parts.push(part);
  return parts;
}

/** Looks until it is so; 20 s at most. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(50);
  }
  throw new Error("it did not come to be so within 20 s");
}

export function untilState(machine: TestMachine, jobId: string, state: JobState["state"]): Promise<JobState> {
  return until(async () => {
    const found = await machine.session.look(jobId, machine.context);
    return found.state === state && found;
  });
}

/** A PATH with everything that is on this computer's, but for the programs named. */
export async function pathWithout(...names: readonly string[]): Promise<string> {
  const bin = join(await temporaryFolder(), "bin");
  await mkdir(bin);
  for (const place of ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]) {
    for (const name of await readdir(place).catch(() => [])) {
      if (!names.includes(name)) await symlink(join(place, name), join(bin, name)).catch(() => {});
    }
  }
  return bin;
}

/** Whether a process is there, and no zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !/\) [ZX] /.test(stat);
}

import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  FollowPart,
  Job,
  JobState,
  ManifestEntry,
  RemoteFile,
  RunContext,
  Session,
  Shipment,
} from "@unitrain/core/spec";
import { systemClock } from "../suite/clock.ts";
import { attempt, demand, expectToSettle } from "../suite/demand.ts";
import type { TransportAbility, TransportSubject } from "./subject.ts";

/** A transport, its machine, and the part of core that calls it. */
export interface TransportBed {
  readonly abilities: ReadonlySet<TransportAbility>;
  readonly members: Readonly<Record<TransportAbility, string>>;
  readonly subject: TransportSubject;
  /** An absolute path on this computer for downloads; removed after the check. */
  readonly localFolder: string;
  context(options?: { readonly signal?: AbortSignal; readonly workFolder?: string }): RunContext;
  /** Connects, and fails the rule if the machine is not ready. The session is closed after the check. */
  connect(): Promise<Session>;
  /** Returns a job that runs a shell script, with an id of its own. It is stopped after the check. */
  job(script: string, more?: Partial<Job>): Job;
  /** Follows a job to its end. */
  followToEnd(session: Session, jobId: string, offset?: number): Promise<FollowedJob>;
  /** Returns the content of a file of the machine as text; undefined if there is none. */
  readText(path: string): Promise<string | undefined>;
  /** Waits until a file of the machine exists and is not empty, and returns its text. */
  waitForText(path: string): Promise<string>;
  close(): Promise<void>;
}

interface FollowedJob {
  readonly log: Buffer;
  readonly offsets: readonly number[];
  /** The last content of each watched file. */
  readonly files: ReadonlyMap<string, string>;
  readonly state: JobState;
}

export async function createTransportBed(subject: TransportSubject): Promise<TransportBed> {
  const { transport, machine, clock = systemClock } = subject;
  const localFolder = await mkdtemp(join(tmpdir(), "unitrain-conformance-"));
  const sessions: Session[] = [];
  const jobs: Job[] = [];
  const forever = new AbortController().signal;
  const context: TransportBed["context"] = ({ signal = forever, workFolder } = {}) => ({
    signal,
    secret: () => {},
    showStatus: () => {},
    wait: (ms) => clock.wait(ms, signal),
    runId: "20261124-001530-x7q2",
    leaseId: "c0nf0r-20261124-001530-x7q2-1",
    folder: localFolder,
    ...(workFolder === undefined ? {} : { workFolder }),
  });
  const connect: TransportBed["connect"] = async () => {
    const session = await expectToSettle("connect()", transport.connect(machine, context()), 60_000);
    if ("ready" in session) {
      demand(false, `connect() returned that the machine is not ready (${session.step}: ${session.reason}).`);
    }
    sessions.push(session);
    return session;
  };
  const readText = async (path: string) => {
    const content = await subject.readFile(path);
    return content === undefined ? undefined : Buffer.from(content).toString();
  };
  return {
    abilities: listAbilities(subject),
    members: transportMembers,
    subject,
    localFolder,
    context,
    connect,
    job(script, more = {}) {
      const job: Job = {
        id: `conformance-${randomBytes(6).toString("hex")}`,
        argv: ["sh", "-c", script],
        env: {},
        secrets: [],
        cwd: `${subject.folder}/cwd`,
        watch: [],
        needs: { gpus: 0 },
        title: "a conformance check",
        ...more,
      };
      jobs.push(job);
      return job;
    },
    async followToEnd(session, jobId, offset = 0) {
      const logs: Uint8Array[] = [];
      const offsets: number[] = [];
      const files = new Map<string, string>();
      const take = (part: FollowPart) => {
        if (part.kind === "file") return void files.set(part.path, Buffer.from(part.bytes).toString());
        offsets.push(part.offset);
        logs.push(part.bytes);
      };
      await expectToSettle(
        "follow()",
        (async () => {
          for await (const part of session.follow(jobId, offset, context())) take(part);
        })(),
        60_000,
      );
      return { log: Buffer.concat(logs), offsets, files, state: await session.getJobState(jobId, context()) };
    },
    readText,
    async waitForText(path) {
      for (let polls = 0; polls < 400; polls += 1) {
        const text = await readText(path);
        if (text) return text;
        await systemClock.wait(50);
      }
      demand(false, `The job did not write ${path} within 20 seconds. Does it start?`);
    },
    async close() {
      if (jobs.length > 0) {
        const session = await connect();
        for (const { id } of jobs) await attempt("stop()", session.stop(id, 0, context()));
      }
      for (const session of sessions)
        await attempt("close()", Promise.resolve(session[Symbol.asyncDispose]()));
      await subject.close?.();
      await rm(localFolder, { recursive: true, force: true });
    },
  };
}

/** The member of the transport or of its test setup that provides each ability. */
const transportMembers: Readonly<Record<TransportAbility, string>> = {
  commands: "runsCommands: true",
  recipe: "transport.recipe",
  identity: "transport.identity",
  "unreachable-machine": "unreachableMachine",
  cut: "cut",
  processes: "isProcessAlive",
};

function listAbilities(subject: TransportSubject): ReadonlySet<TransportAbility> {
  const { transport, isProcessAlive, unreachableMachine, cut, runsCommands = true } = subject;
  const abilities: Readonly<Partial<Record<TransportAbility, unknown>>> = {
    recipe: transport.recipe,
    identity: transport.identity,
    "unreachable-machine": unreachableMachine,
    cut,
    processes: isProcessAlive,
    commands: runsCommands,
  };
  return new Set(Object.entries(abilities).flatMap(([name, has]) => (has ? [name as TransportAbility] : [])));
}

/** Returns the entry of a manifest with this content. */
export function createEntry(path: string, content: string | Uint8Array, isExecutable = false): ManifestEntry {
  const bytes = Buffer.from(content);
  return {
    path,
    from: { bytes },
    sizeBytes: bytes.length,
    sha256: hash(bytes),
    ...(isExecutable ? { executable: true } : {}),
  };
}

/** Returns a shipment of these entries, as core creates it. */
export function createShipment(entries: readonly ManifestEntry[], target: string): Shipment {
  return {
    manifest: {
      async *entries() {
        yield entries;
      },
    },
    digest: hash(JSON.stringify(entries.map(({ path, sha256 }) => [path, sha256]))),
    files: entries.length,
    bytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    target,
  };
}

export function hash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Returns a file of the machine as `list` describes it. */
export function createRemoteFile(path: string, sizeBytes: number): RemoteFile {
  return { path, sizeBytes, modifiedAt: new Date().toISOString() };
}

/** Reads a downloaded file; resolves with undefined if there is none. */
export async function readLocalFile(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

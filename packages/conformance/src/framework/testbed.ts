import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  CallContext,
  DatasetReport,
  JobInput,
  MachineFacts,
  Manifest,
  ManifestEntry,
  Progress,
  RemoteFile,
} from "@unitrain/core/spec";
import { systemClock } from "../suite/clock.ts";
import { attempt, demand, describeError } from "../suite/demand.ts";
import type { FrameworkAbility, FrameworkSubject } from "./subject.ts";

/** A framework, and the part of core that calls it. */
export interface FrameworkBed {
  readonly abilities: ReadonlySet<FrameworkAbility>;
  readonly members: Readonly<Record<FrameworkAbility, string>>;
  readonly subject: FrameworkSubject;
  readonly facts: MachineFacts;
  readonly jobInput: JobInput;
  /** An absolute path on this computer; removed after the check. */
  readonly localFolder: string;
  context(signal?: AbortSignal): CallContext;
  /** Checks the dataset, and fails the rule if that fails. */
  checkData(): Promise<DatasetReport>;
  /** Returns the files that the training left, as the machine lists them. */
  listOutputs(): readonly RemoteFile[];
  close(): Promise<void>;
}

const home = "/home/trainer";
const facts: MachineFacts = {
  os: "Linux",
  architecture: "x86_64",
  hostname: "machine",
  home,
  workFolder: `${home}/.unitrain/1`,
  environmentsFolder: `${home}/.cache/unitrain/1/environments`,
  cpus: 8,
  ramBytes: 64e9,
  sharedMemoryBytes: 32e9,
  mounts: [{ path: "/", freeBytes: 500e9 }],
  gpus: [{ name: "NVIDIA H100 80GB HBM3", memoryBytes: 80e9, computeCapability: "9.0" }],
  gpuDriver: "590.44.01",
  tools: ["python3", "tmux"],
  root: false,
};

export async function createFrameworkBed(subject: FrameworkSubject): Promise<FrameworkBed> {
  const { framework } = subject;
  // Created at first use, because most rules download nothing.
  let localFolder: string | undefined;
  const run = `${facts.workFolder}/runs/20261124-001530-x7q2`;
  const jobInput: JobInput = {
    jobId: "20261124-001530-x7q2-1",
    attempt: 1,
    dataset: `${run}/data`,
    output: `${run}/attempt-1/out`,
    scratch: `${run}/attempt-1/scratch`,
    facts,
    environment: { folder: `${facts.environmentsFolder}/key`, found: "installed", output: "" },
  };
  const forever = new AbortController().signal;
  const context: FrameworkBed["context"] = (signal = forever) => ({
    signal,
    secret: () => {},
    showStatus: () => {},
    wait: (ms) => systemClock.wait(ms, signal),
  });
  return {
    abilities: listAbilities(subject),
    members: frameworkMembers,
    subject,
    facts,
    jobInput,
    get localFolder() {
      localFolder ??= mkdtempSync(join(tmpdir(), "unitrain-conformance-"));
      return localFolder;
    },
    context,
    async checkData() {
      const result = await attempt("check()", framework.check(subject.data, context()));
      if ("error" in result) demand(false, `check() refused the dataset: ${describeError(result.error)}.`);
      return result.value;
    },
    listOutputs: () =>
      subject.outputs.map((path, at) => ({
        path: `${jobInput.output}/${path}`,
        sizeBytes: 1_000,
        modifiedAt: new Date(Date.parse("2026-11-24T12:00:00Z") + at * 1_000).toISOString(),
      })),
    async close() {
      await subject.close?.();
      if (localFolder !== undefined) await rm(localFolder, { recursive: true, force: true });
    },
  };
}

/** The member of the framework or of its test setup that provides each ability. */
const frameworkMembers: Readonly<Record<FrameworkAbility, string>> = {
  recipe: "framework.recipe",
  secrets: "secrets",
  "broken-data": "brokenData",
  failure: "failedLog",
  "watched-files": "watched",
  log: "log",
  "shown-metrics": "framework.describe().metrics",
  resume: "framework.resume",
  hooks: "framework.hooks",
  "next-commands": "framework.nextCommands",
  "command-line": "commandLine",
  "unusual-options": "unusual",
};

function listAbilities(subject: FrameworkSubject): ReadonlySet<FrameworkAbility> {
  const { framework, secrets = [], brokenData, failedLog, watched, log, commandLine, unusual } = subject;
  const abilities: Readonly<Record<FrameworkAbility, unknown>> = {
    recipe: framework.recipe,
    secrets: secrets.length > 0,
    "broken-data": brokenData,
    failure: failedLog,
    "watched-files": watched,
    log,
    "shown-metrics": framework.describe().metrics,
    resume: framework.resume,
    hooks: framework.hooks,
    "next-commands": framework.nextCommands,
    "command-line": commandLine,
    "unusual-options": unusual,
  };
  return new Set(Object.entries(abilities).flatMap(([name, has]) => (has ? [name as FrameworkAbility] : [])));
}

/** Reads a manifest from its beginning. */
export async function readManifest(manifest: Manifest): Promise<readonly ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  for await (const batch of manifest.entries()) entries.push(...batch);
  return entries;
}

/** Returns the number of the last epoch (or step) that was shown; 0 if there is none. */
export function findShownEpoch(progress: readonly Progress[]): number {
  return Math.max(0, ...progress.map(({ done }) => done));
}

/** Returns the number of the last complete epoch (or step); 0 if there is none. */
export function findLastEpoch(progress: readonly Progress[]): number {
  return Math.max(0, ...progress.filter(({ complete }) => complete).map(({ done }) => done));
}

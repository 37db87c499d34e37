import { matchesGlob } from "node:path";
import type { FrameworkCaller, HookCaller } from "../../adapters/assembly.ts";
import { callAdapter } from "../../adapters/boundary.ts";
import { emit, type Reporter } from "../../journal/reporter.ts";
import type { OutputSanitizer } from "../../sanitize/output-sanitizer.ts";
import {
  formatBytes,
  formatNumber,
  type JobInput,
  type LocateInput,
  type Plan,
  type RemoteFile,
  UnitrainError,
} from "../../spec/index.ts";
import type { Connected, LinkCall } from "../link/link.ts";
import { type PhaseReporter, runPhase } from "../phases.ts";
import { getRemoteLayout } from "../remote-layout.ts";
import { isOfThisFile } from "./download/is-of-this-file.ts";
import { shownName } from "./download/local-name.ts";

/** What it takes to find the model on the machine. */
export type LocatingRun = PhaseReporter &
  Connected &
  HookCaller &
  FrameworkCaller & {
    readonly plan: Pick<Plan, "runId">;
    readonly sanitizer: Pick<OutputSanitizer, "missing">;
  };

const listTimeoutMs = 10 * 60_000;
const readTimeoutMs = 60_000;
const largestTextBytes = 1024 * 1024;

/** The files to download: candidate models, best first, and all files of the output folder. */
export interface Located {
  readonly models: readonly RemoteFile[];
  readonly files: readonly RemoteFile[];
  /** All files of the attempt. */
  readonly attemptFiles: readonly RemoteFile[];
  /** The error of a plugin or the framework that failed to locate the model. The model was then searched for without it. */
  readonly fault?: unknown;
}

/**
 * Finds the model. It tries, in this order, the plugins' hooks, the framework's rules, a search through all files of the run, and
 * the framework's alternative folders.
 */
export async function locate(
  run: LocatingRun,
  job: JobInput,
  logTail: string,
  signal: AbortSignal,
): Promise<Located> {
  return runPhase(run, "locate", async () => {
    const input = await searchFolders(run, job, logTail, signal);
    const { isUserFile = () => false } = run.framework.artifacts;
    const files = input.files.filter((file) =>
      file.path.startsWith(`${job.scratch}/`)
        ? isUserFile(file.path.slice(job.scratch.length + 1), file)
        : file.path.startsWith(`${job.output}/`),
    );
    const faults: unknown[] = [];
    // A failing plugin must not prevent the download of the model.
    const unlessItFails = async <T>(find: () => T | undefined): Promise<Awaited<T> | undefined> => {
      try {
        return await find();
      } catch (error) {
        if (!isOfThisFile(error, signal)) throw error;
        faults.push(run.sanitizer.missing.length === 0 ? error : createWithheldFault());
        return undefined;
      }
    };
    const models =
      (await unlessItFails(() => findByPlugins(run, input, signal))) ??
      (await unlessItFails(() => findByFramework(run, input, signal))) ??
      (await unlessItFails(() => findBySearch(run, input.files))) ??
      (await unlessItFails(() => findInAlternatives(run, job, signal))) ??
      [];
    const [fault] = faults;
    return { models, files, attemptFiles: input.files, ...(fault === undefined ? {} : { fault }) };
  });
}

/** Stands for an error that may quote the log, which is withheld. */
function createWithheldFault(): UnitrainError {
  return new UnitrainError("ADAPTER_FAILED", "Cannot look for the model as usual: the reason is withheld.", {
    hint: "Attach with the values of the run's secrets to see the reasons of errors.",
    phase: "locate",
  });
}

/** Creates the error for a missing model, in the framework's words if it has some. */
export async function createModelNotFoundError(
  run: LocatingRun,
  job: JobInput,
  { attemptFiles }: Pick<Located, "attemptFiles">,
  signal: AbortSignal,
): Promise<UnitrainError> {
  const { framework } = run;
  const explanation = framework.artifacts.explainMissing?.({ job, files: attemptFiles });
  if (explanation === undefined) return createListingError(run, job, await list(run, job.output, signal));
  return new UnitrainError("ARTIFACT_NOT_FOUND", `No model was found: ${explanation.message}`, {
    hint: explanation.hint,
    phase: "locate",
    adapter: framework.name,
  });
}

/** Lists the files that exist, so that the user can find the model. */
function createListingError(
  run: Pick<LocatingRun, "framework">,
  job: JobInput,
  files: readonly RemoteFile[],
): UnitrainError {
  const shown = files.slice(0, 15).map(({ path, sizeBytes }) => `  ${shownName(path)} (${sizeBytes} bytes)`);
  const more = files.length > shown.length ? [`  and ${files.length - shown.length} more`] : [];
  const listing = files.length === 0 ? ["  nothing"] : [...shown, ...more];
  return new UnitrainError(
    "ARTIFACT_NOT_FOUND",
    [`No model was found in ${job.output}. The folder contains:`, ...listing].join("\n"),
    {
      hint: run.framework.artifacts.hint,
      phase: "locate",
      adapter: run.framework.name,
    },
  );
}

async function searchFolders(
  run: LocatingRun,
  job: JobInput,
  logTail: string,
  signal: AbortSignal,
): Promise<LocateInput> {
  const root = getRemoteLayout(job.facts, run.plan.runId).attempt(job.attempt);
  const read: LocateInput["read"] = async (path) => {
    const call: LinkCall = { phase: "locate", method: "run", timeoutMs: readTimeoutMs, signal };
    const done = await run.link.use(call, (session, context) =>
      session.run({ argv: ["head", "-c", String(largestTextBytes), path] }, context),
    );
    return done.exitCode === 0 ? done.stdout : undefined;
  };
  return { root: job.output, job, files: await list(run, root, signal), logTail, read };
}

async function list(
  run: Reporter & Connected,
  root: string,
  signal: AbortSignal,
): Promise<readonly RemoteFile[]> {
  const call: LinkCall = { phase: "locate", method: "list", timeoutMs: listTimeoutMs, signal, tries: 3 };
  return run.link.use(call, async (session, context) => {
    const { files, isComplete } = await bounded(session.list(root, context));
    if (!isComplete) {
      await emit(run, {
        type: "warning",
        phase: "locate",
        message: `${root} has more than ${formatNumber(mostFiles)} files or more than ${formatBytes(mostNameBytes)} of file names: only the first ones are considered.`,
      });
    }
    return files;
  });
}

/** Limits for a listing, because a faulty machine may list files forever. A training may have a million label files. */
const mostFiles = 1_000_000;
const mostNameBytes = 256e6;

export async function bounded(
  listing: AsyncIterable<RemoteFile>,
  bound = { files: mostFiles, nameBytes: mostNameBytes },
): Promise<{ readonly files: readonly RemoteFile[]; readonly isComplete: boolean }> {
  const files: RemoteFile[] = [];
  let nameBytes = 0;
  for await (const file of listing) {
    nameBytes += file.path.length;
    if (files.length >= bound.files || nameBytes > bound.nameBytes) return { files, isComplete: false };
    files.push(file);
  }
  return { files, isComplete: true };
}

async function findByPlugins(run: HookCaller, input: LocateInput, signal: AbortSignal) {
  const found = await run.hooks.callFirst("locateArtifact", input, run.hookCall("locate", signal));
  return found === undefined || found.length === 0 ? undefined : found;
}

async function findByFramework(run: FrameworkCaller, input: LocateInput, signal: AbortSignal) {
  const { framework, boundary } = run;
  const call = {
    phase: "locate" as const,
    adapter: `${framework.name}.locate`,
    timeoutMs: readTimeoutMs * 5,
    signal,
  };
  const found = await callAdapter(boundary, call, (context) => framework.artifacts.locate(input, context));
  return found === undefined || found.length === 0 ? undefined : found;
}

function findBySearch(run: Pick<LocatingRun, "framework">, files: readonly RemoteFile[]) {
  const { search, rank } = run.framework.artifacts;
  const found = rank(
    files.filter(({ path }) => search.some((pattern) => matchesGlob(getFileName(path), pattern))),
  );
  return found.length === 0 ? undefined : found;
}

/** Searches the framework's alternative folders. They may contain models of other runs, so only files newer than the job count. */
async function findInAlternatives(run: LocatingRun, job: JobInput, signal: AbortSignal) {
  const startedAt = await findJobStart(run, job, signal);
  for (const place of run.framework.artifacts.alternatives(job)) {
    const files = await list(run, place, signal);
    const found = findBySearch(
      run,
      files.filter(({ modifiedAt }) => modifiedAt >= startedAt),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns when the job started by the machine's own clock, which is the time of the oldest file in the job's folder. */
async function findJobStart(run: LocatingRun, job: JobInput, signal: AbortSignal): Promise<string> {
  const files = await list(run, getRemoteLayout(job.facts, run.plan.runId).job(job.jobId), signal);
  return files.map(({ modifiedAt }) => modifiedAt).sort()[0] ?? "9999";
}

function getFileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

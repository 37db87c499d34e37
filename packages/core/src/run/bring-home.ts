import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { callAdapter } from "../adapter/border.ts";
import { checkManifestPath } from "../plan/manifest-path.ts";
import { type JobInput, type RemoteFile, type SavedFile, UnitrainError } from "../spec/index.ts";
import { localDisk } from "../state/local-disk.ts";
import { syncFolder } from "../state/write-file.ts";
import { list, locate, notFound } from "./locate.ts";
import { inOutputFolder, outputFolderOf, stagingFolder } from "./output-folder.ts";
import { emit, inPhase, type RunScope } from "./scope.ts";

const fetchTimeoutMs = 7 * 24 * 3600_000;
const wholeTimeoutMs = 5 * 60_000;
const tellEveryMs = 250;

export interface BringOptions {
  readonly logTail: string;
  readonly signal: AbortSignal;
  /** No model is no error: the training failed, or goes on. */
  readonly modelOptional: boolean;
  /** Of several at once, each has a folder of its own for what is not whole yet. */
  readonly purpose: "end" | "pull";
}

/** Finds the model, downloads it and what lies beside it; under its final name stands only what is whole. */
export async function bringHome(
  run: RunScope,
  job: JobInput,
  options: BringOptions,
): Promise<readonly SavedFile[]> {
  const { models, records } = await locate(run, job, options.logTail, options.signal);
  if (models.length === 0 && !options.modelOptional) {
    throw notFound(run, job, await list(run, job.output, options.signal));
  }
  return inPhase(run, "download", async () => {
    const saved: SavedFile[] = [];
    const model = await firstWhole(run, job, models, options);
    if (model !== undefined) saved.push(model);
    for (const record of records) {
      if (localNameOf(job, record) === model?.path) continue;
      const one = await recordHome(run, job, record, options);
      if (one !== undefined) saved.push(one);
    }
    const folder = outputFolderOf(run.plan, run.ledger.state);
    await rm(stagingFolder(run.plan, folder, options.purpose), { recursive: true, force: true });
    return saved;
  });
}

/** A checkpoint may have been cut while it was written: the next best one then is the model. */
async function firstWhole(
  run: RunScope,
  job: JobInput,
  models: readonly RemoteFile[],
  options: BringOptions,
) {
  for (const file of models) {
    const saved = await fetchFile(run, job, file, "model", options);
    if (saved !== undefined) return saved;
    await emit(run, { type: "warning", phase: "download", message: `${file.path} is not a whole model.` });
  }
  if (models.length === 0 || options.modelOptional) return undefined;
  throw new UnitrainError(
    "ARTIFACT_DAMAGED",
    `None of the ${models.length} models found is whole: ${models.map(({ path }) => path).join(", ")}.`,
    {
      hint: run.assembly.framework.artifacts.hint,
      phase: "download",
      adapter: run.assembly.framework.name,
    },
  );
}

/** What lies beside the model must not cost the model. */
async function recordHome(run: RunScope, job: JobInput, file: RemoteFile, options: BringOptions) {
  try {
    return await fetchFile(run, job, file, "record", options);
  } catch (error) {
    options.signal.throwIfAborted();
    const { message } = run.assembly.gate.error(error);
    await emit(run, {
      type: "warning",
      phase: "download",
      message: `${file.path} was left behind: ${message}`,
    });
    return undefined;
  }
}

function fetchFile(
  run: RunScope,
  job: JobInput,
  file: RemoteFile,
  role: SavedFile["role"],
  options: BringOptions,
) {
  const path = localNameOf(job, file);
  return inOutputFolder(run, (folder) => fetchInto(run, folder, path, file, role, options));
}

async function fetchInto(
  run: RunScope,
  folder: string,
  path: string,
  file: RemoteFile,
  role: SavedFile["role"],
  options: BringOptions,
) {
  const staged = join(stagingFolder(run.plan, folder, options.purpose), path);
  const localPath = join(folder, path);
  await makeFolder(dirname(staged));
  let told = Number.NEGATIVE_INFINITY;
  const { sha256 } = await run.link.use(
    { phase: "download", method: "fetch", timeoutMs: fetchTimeoutMs, signal: options.signal },
    (session, context) =>
      session.fetch(file, staged, context, (bytes) => {
        if (run.clock.now() - told < tellEveryMs) return;
        told = run.clock.now();
        void emit(run, { type: "download", path, bytes, totalBytes: file.sizeBytes });
      }),
  );
  if (role === "model" && !(await isWhole(run, staged))) {
    await rm(staged, { force: true });
    return undefined;
  }
  const { size: sizeBytes } = await publish(staged, localPath);
  const saved: SavedFile = { path, localPath, sizeBytes, sha256, role };
  await emit(run, { type: "artifact", ...saved });
  return saved;
}

function isWhole(run: RunScope, path: string): Promise<boolean> {
  const { framework, border } = run.assembly;
  const call = { phase: "download" as const, adapter: `${framework.name}.whole`, timeoutMs: wholeTimeoutMs };
  return callAdapter(border, call, () => framework.artifacts.whole(path));
}

async function publish(staged: string, localPath: string) {
  try {
    const found = await stat(staged);
    await mkdir(dirname(localPath), { recursive: true });
    await rename(staged, localPath);
    await syncFolder(dirname(localPath));
    return found;
  } catch (error) {
    throw localDisk(localPath, error);
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw localDisk(folder, error);
  });
}

/** As it is called below the output; what was found elsewhere by its bare name. A name from a machine is a stranger's word. */
function localNameOf(job: JobInput, file: RemoteFile): string {
  const below = file.path.startsWith(`${job.output}/`);
  const path = below
    ? file.path.slice(job.output.length + 1)
    : file.path.slice(file.path.lastIndexOf("/") + 1);
  checkManifestPath(path);
  if (process.platform === "win32" && /[\\:*?"<>|]/.test(path)) {
    throw new UnitrainError("UNSAFE_PATH", `${JSON.stringify(path)} cannot be a file's name on Windows.`);
  }
  return path;
}

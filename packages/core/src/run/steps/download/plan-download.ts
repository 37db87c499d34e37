import { matchesGlob } from "node:path";
import {
  type ArtifactRules,
  type FileNotDownloaded,
  formatBytes,
  formatCount,
  type JobInput,
  type RemoteFile,
} from "../../../spec/index.ts";
import {
  createNameKey,
  findNameFault,
  getLocalPath,
  getPathBelowOutput,
  shownName,
  toStorableName,
} from "./local-name.ts";

/** Files up to this size are downloaded together in one stream. */
export const smallFileBytes = 1024 * 1024;

/** A file to be downloaded. */
export interface PlannedFile {
  readonly file: RemoteFile;
  /** Relative to the run's output on this computer. */
  readonly path: string;
  /** The framework accepts it as a model: it must be complete before it replaces anything. */
  readonly isCheckpoint: boolean;
}

export interface DownloadPlan {
  /** Candidates to try one after the other. The first complete one is the model. */
  readonly models: readonly PlannedFile[];
  /** The other files, most important first, in case the download is interrupted or limited. */
  readonly others: readonly PlannedFile[];
  readonly notDownloaded: readonly FileNotDownloaded[];
}

export interface DownloadInput {
  readonly job: Pick<JobInput, "output" | "scratch">;
  readonly rules: Pick<ArtifactRules, "extraFiles" | "search" | "keepsPaths">;
  readonly models: readonly RemoteFile[];
  /** All files of the output folder. */
  readonly files: readonly RemoteFile[];
  /** The limit of bytes for all files other than the model. */
  readonly mostBytes: number;
  /** A description of the limit for the user. */
  readonly bound: string;
}

/** Decides what is downloaded and in which order: the model, the framework's records, small files, large files, newest first. */
export function planDownload(input: DownloadInput): DownloadPlan {
  const { job, rules } = input;
  const usedPaths = new Map<string, string>();
  const isCheckpoint = ({ path }: RemoteFile) =>
    rules.search.some((pattern) => matchesGlob(path.slice(path.lastIndexOf("/") + 1), pattern));
  const models = input.models.map((file): PlannedFile => {
    const path = rules.keepsPaths === true ? getLocalPath(job, file, rules) : getPathBelowOutput(job, file);
    return {
      file,
      path: findNameFault(path) === undefined ? path : toStorableName(path),
      isCheckpoint: true,
    };
  });
  for (const { file, path } of models) usedPaths.set(createNameKey(path), file.path);
  const notDownloaded: FileNotDownloaded[] = [];
  const others: PlannedFile[] = [];
  let bytes = 0;
  // The best model is always tried. The other models are treated like other files unless the best one is incomplete.
  const candidates = input.files.filter(({ path }) => path !== input.models[0]?.path);
  for (const file of sortByImportance(candidates, job, rules)) {
    const path = getLocalPath(job, file, rules);
    const fault =
      findNameFault(path) ??
      ((usedPaths.get(createNameKey(path)) ?? file.path) !== file.path
        ? "this computer cannot tell its name from the name of another file"
        : undefined) ??
      (bytes + file.sizeBytes > input.mostBytes ? `it does not fit into ${input.bound}` : undefined);
    if (fault !== undefined) {
      notDownloaded.push({ path: file.path, sizeBytes: file.sizeBytes, reason: fault });
      continue;
    }
    bytes += file.sizeBytes;
    usedPaths.set(createNameKey(path), file.path);
    others.push({ file, path, isCheckpoint: isCheckpoint(file) });
  }
  return { models, others, notDownloaded };
}

/** Describes files that are not downloaded in one sentence, with the largest and the newest file. */
export function describeNotDownloaded(
  notDownloaded: readonly FileNotDownloaded[],
  newest: string | undefined,
): string {
  const bytes = notDownloaded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const largest = [...notDownloaded].sort((a, b) => b.sizeBytes - a.sizeBytes)[0];
  const names = notDownloaded.slice(0, 8).map(({ path }) => shownName(path.slice(path.lastIndexOf("/") + 1)));
  const more = notDownloaded.length > names.length ? ` and ${notDownloaded.length - names.length} more` : "";
  const extremes =
    notDownloaded.length <= names.length || largest === undefined
      ? ""
      : ` The largest is ${shownName(largest.path)} (${formatBytes(largest.sizeBytes)})${newest === undefined ? "" : `, the newest ${shownName(newest)}`}.`;
  return `${formatCount(notDownloaded.length, "file")} (${formatBytes(bytes)}): ${names.join(", ")}${more}.${extremes}`;
}

function sortByImportance(
  files: readonly RemoteFile[],
  job: Pick<JobInput, "output" | "scratch">,
  rules: DownloadInput["rules"],
): readonly RemoteFile[] {
  const ranked = files.map((file) => {
    const path = getLocalPath(job, file, rules);
    const isRecord = rules.extraFiles.some((pattern) => matchesGlob(path, pattern));
    return { file, rank: (isRecord ? 0 : 2) + (file.sizeBytes <= smallFileBytes ? 0 : 1) };
  });
  ranked.sort((a, b) => a.rank - b.rank || compareNewestFirst(a.file.modifiedAt, b.file.modifiedAt));
  return ranked.map(({ file }) => file);
}

function compareNewestFirst(a: string, b: string): number {
  return a === b ? 0 : a < b ? 1 : -1;
}

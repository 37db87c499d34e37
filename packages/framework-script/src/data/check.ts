import { relative, sep } from "node:path";
import { type CodeEntries, listCodeEntries } from "@unitrain/core/code";
import {
  type CallContext,
  type DataSource,
  type DatasetReport,
  type Finding,
  formatCount,
  type ManifestEntry,
  UnitrainError,
} from "@unitrain/core/spec";
import { readRequirements } from "../environment/requirements.ts";
import type { CheckedOptions } from "../options/options.ts";
import { type DataFile, walkFiles } from "./walk-files.ts";

/** Folders of the upload. The launcher (`launch.sh`) finds them by these names. */
const folders = { code: "code", data: "data", file: "file", checkpoint: "checkpoint" };
const batchSize = 1_000;

/** Lists what is uploaded: the code, the dataset as it is, and a checkpoint to begin from. */
export async function checkUpload(
  source: DataSource,
  options: CheckedOptions,
  { signal }: CallContext,
): Promise<DatasetReport> {
  const path = getLocalPath(source);
  // First the code: a folder that is not there is said before a large dataset is read.
  const code = listCodeEntries(toShownFolder(options.code), {
    target: folders.code,
    signal,
    included: options.codeInclude,
    excluded: path === undefined ? [] : [path],
  });
  const requirements = readRequirements(options);
  const data = path === undefined || path === options.code ? undefined : await walkFiles(path, signal);
  const checkpoint =
    options.resumeFrom === undefined ? undefined : await walkFiles(options.resumeFrom, signal);
  const entries: readonly ManifestEntry[] = [
    ...listBelow(folders.checkpoint, checkpoint?.files ?? []),
    ...code.entries,
    ...listBelow(data?.isFile ? folders.file : folders.data, data?.files ?? []),
    ...createLink(options.code, path),
  ];
  return {
    manifest: {
      async *entries() {
        for (let at = 0; at < entries.length; at += batchSize) yield entries.slice(at, at + batchSize);
      },
    },
    summary: [
      ...(data === undefined ? [] : [`${formatCount(data.files.length, "file")} of data`]),
      `${formatCount(code.entries.length, "file")} of code`,
    ].join(", "),
    findings: [
      ...listFindings(code, path, data?.files),
      ...(data?.findings ?? []),
      ...requirements.findings,
      ...warnAboutOutput(options),
    ],
    ...(path === undefined ? {} : { location: { path } }),
  };
}

function getLocalPath(source: DataSource): string | undefined {
  if (source.kind === "local") return source.path;
  if (source.kind === "none") return undefined;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    "A script gets its data from a folder or file on this computer.",
    {
      hint: "Name that folder or file, or leave the dataset out and let the command download it.",
    },
  );
}

/** A folder in or below the current one as it is shown and typed: relative. */
function toShownFolder(folder: string): string {
  const path = relative("", folder);
  return path === "" ? "." : path.startsWith("..") ? folder : path;
}

const listBelow = (folder: string, files: readonly DataFile[]): readonly ManifestEntry[] =>
  files.map(({ path, file, sizeBytes }) => ({ path: `${folder}/${path}`, from: { file }, sizeBytes }));

/** If the dataset is inside the folder of the code, it appears at the same place there, for scripts that name its path. */
function createLink(code: string, data: string | undefined): readonly ManifestEntry[] {
  const path = data === undefined ? "" : relative(code, data).split(sep).join("/");
  if (path === "" || path.startsWith("../") || path === ".." || /^[A-Za-z]:/.test(path)) return [];
  const bytes = Buffer.from(path);
  return [{ path: "link", from: { bytes }, sizeBytes: bytes.length }];
}

function listFindings(
  code: CodeEntries,
  path: string | undefined,
  files: readonly DataFile[] | undefined,
): readonly Finding[] {
  if (path === undefined || files === undefined || files.length > 0) return code.findings;
  const message = "contains no files";
  return [...code.findings, { kind: "data", severity: "error", file: path, message }];
}

function warnAboutOutput({ artifact, best, command }: CheckedOptions): readonly Finding[] {
  if (artifact.length > 0 || best !== undefined || /\{output\}|UNITRAIN_OUTPUT/.test(command)) return [];
  const message =
    "No --artifact names the files to download: only those that the command writes into the folder in UNITRAIN_OUTPUT are.";
  return [{ kind: "options", severity: "warning", file: "options", message }];
}

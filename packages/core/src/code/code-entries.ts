import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Finding, formatBytes, type ManifestEntry, UnitrainError } from "../spec/index.ts";
import { findCredential } from "./credentials.ts";
import { walkCode } from "./walk-code.ts";

const limits = { bytes: 100e6, files: 10_000 };

/** What to upload of a folder of code. */
export interface CodeOptions {
  /** The folder on the machine, below that of the upload: `code`. */
  readonly target: string;
  readonly signal: AbortSignal;
  /** Paths in the folder of files that look like credentials and are uploaded all the same. */
  readonly included?: readonly string[];
  /** Absolute paths of folders and files that are no code, such as the dataset. */
  readonly excluded?: readonly string[];
}

/** The files of a folder of code, and what was left out of it. */
export interface CodeEntries {
  readonly entries: readonly ManifestEntry[];
  readonly findings: readonly Finding[];
}

/**
 * Lists the files to upload from a folder with the user's own code: all that git does not ignore. Files that appear to contain
 * credentials are skipped with a finding each, unless `included` lists them.
 *
 * @throws UnitrainError `INVALID_OPTIONS` when the folder does not exist, is empty, or is too large to be code.
 */
export function listCodeEntries(
  folder: string,
  { target, signal, included = [], excluded = [] }: CodeOptions,
): CodeEntries {
  const root = resolveCodeFolder(folder);
  const entries: ManifestEntry[] = [];
  const findings: Finding[] = [];
  const sizes = new Map<string, number>();
  let bytes = 0;
  for (const found of walkCode(root, excluded)) {
    signal.throwIfAborted();
    if (found.kind === "outside") {
      findings.push({
        kind: "links out of the code",
        severity: "warning",
        file: join(folder, found.path),
        message: outsideMessage,
      });
      continue;
    }
    const credential = included.includes(found.path) ? undefined : findCredential(found.path, found.file);
    if (credential !== undefined) {
      findings.push({
        kind: "credentials in the code",
        severity: "warning",
        file: join(folder, found.path),
        message: `is not uploaded, because ${credential}. To upload it anyway: --code-include ${found.path}`,
      });
      continue;
    }
    bytes += found.sizeBytes;
    const topLevelName = found.path.split("/")[0] ?? found.path;
    sizes.set(topLevelName, (sizes.get(topLevelName) ?? 0) + found.sizeBytes);
    const { path, file, sizeBytes, executable } = found;
    entries.push({
      path: `${target}/${path}`,
      from: { file },
      sizeBytes,
      ...(executable ? { executable } : {}),
    });
    if (entries.length > limits.files || bytes > limits.bytes) throw createTooLargeError(folder, sizes);
  }
  const missing = included.find((path) => !entries.some((entry) => entry.path === `${target}/${path}`));
  if (missing !== undefined) {
    throw createError(
      `code-include=${missing} cannot be uploaded: the file does not exist in ${folder}, or git ignores it.`,
      "Name the file by its path in that folder, as in `--code-include config/.env`.",
    );
  }
  if (entries.length === 0) {
    throw createError(
      `code=${folder} contains no files to upload: it is empty, or .gitignore excludes all of it.`,
      "Name the folder with your Python code.",
    );
  }
  return { entries, findings };
}

function resolveCodeFolder(folder: string): string {
  if (folder.includes("://"))
    throw createError(
      `code=${folder} is an address and no folder.`,
      "Clone it first, and name the folder: `--code ./folder`.",
    );
  const root = resolve(folder);
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return root;
  throw createError(
    `code=${folder} is not a folder (looked for ${root}).`,
    "Name the folder with your Python code.",
  );
}

const outsideMessage = "is a link to a file outside the folder, and is not uploaded";

function createTooLargeError(folder: string, sizes: ReadonlyMap<string, number>): UnitrainError {
  const [largest] = [...sizes].sort(([, a], [, b]) => b - a);
  const location = largest === undefined ? "" : `; most of it is ${largest[0]} (${formatBytes(largest[1])})`;
  return createError(
    `code=${folder} is too large: more than ${formatBytes(limits.bytes)} or ${limits.files} files${location}.`,
    "Name a folder that contains only code, or list data, models and outputs in its .gitignore.",
  );
}

const createError = (message: string, hint: string) =>
  new UnitrainError("INVALID_OPTIONS", message, { hint });

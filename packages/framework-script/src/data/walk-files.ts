import { opendir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Finding, UnitrainError } from "@unitrain/core/spec";

/** A file of the dataset. */
export interface DataFile {
  /** The path below the dataset, with `/` as separator. */
  readonly path: string;
  readonly file: string;
  readonly sizeBytes: number;
}

/** Lists all files of a dataset, which is a folder or a single file. Follows links, but visits no folder within itself. */
export async function walkFiles(
  root: string,
  signal: AbortSignal,
): Promise<{
  readonly isFile: boolean;
  readonly files: readonly DataFile[];
  readonly findings: readonly Finding[];
}> {
  const files: DataFile[] = [];
  const findings: Finding[] = [];
  const visit = async (folder: string, prefix: string, parents: readonly string[]): Promise<void> => {
    for await (const { name } of await opendir(folder)) {
      signal.throwIfAborted();
      const file = join(folder, name);
      const found = await stat(file).catch(() => undefined);
      if (found?.isFile()) files.push({ path: `${prefix}${name}`, file, sizeBytes: found.size });
      else if (found?.isDirectory()) {
        const real = await realpath(file);
        if (!parents.includes(real)) await visit(file, `${prefix}${name}/`, [...parents, real]);
      } else {
        const message = "is not uploaded, because it is neither a file nor a folder";
        findings.push({ kind: "unusual files", severity: "warning", file, message });
      }
    }
  };
  try {
    const found = await stat(root);
    if (found.isFile())
      return { isFile: true, files: [{ path: basename(root), file: root, sizeBytes: found.size }], findings };
    await visit(root, "", [await realpath(root)]);
  } catch (error) {
    signal.throwIfAborted();
    throw createReadError(root, error as NodeJS.ErrnoException);
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { isFile: false, files, findings };
}

function createReadError(root: string, cause: NodeJS.ErrnoException): UnitrainError {
  if (cause.code === "ENOENT" && cause.path === root)
    return new UnitrainError("INVALID_DATASET", `The dataset ${root} does not exist.`, {
      hint: "Name the folder or file with your data.",
    });
  return new UnitrainError("INVALID_DATASET", `Cannot read the dataset ${root}: ${cause.message}.`, {
    hint: "Make its files readable, or move away what is no data.",
    cause,
  });
}

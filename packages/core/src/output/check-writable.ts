import { access, constants, lstat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { formatBytes, UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "../state/bounded.ts";
import { listMissingFolders } from "../state/make-folders.ts";

/** The `statfs` types of Linux file systems that store nothing: proc, sysfs, cgroup (1 and 2), debugfs, tracefs, securityfs, devpts. */
const notStorage = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0x1cd1,
]);

/**
 * Checks, without creating anything, that a folder exists or can be created, and has space for the results.
 *
 * @throws UnitrainError `OUTPUT_UNUSABLE` with the reason.
 */
export async function checkWritable(folder: string, neededBytes: number): Promise<void> {
  try {
    await withinFileSystemTimeout(check(folder, neededBytes));
  } catch (error) {
    throw UnitrainError.isInstance(error)
      ? error
      : createOutputError(folder, describeFileError(error, folder), error);
  }
}

/** Creates the `OUTPUT_UNUSABLE` error. `reason` is a clause. */
export function createOutputError(folder: string, reason: string, cause?: unknown): UnitrainError {
  return new UnitrainError("OUTPUT_UNUSABLE", `The output folder ${folder} cannot be used: ${reason}.`, {
    hint: "Nothing was started. Fix this folder, or choose another one.",
    action: { type: "set", option: "out" },
    phase: "plan",
    cause,
  });
}

/** Describes an error of the file system as a clause about a folder. */
export function describeFileError(error: unknown, folder: string): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === "ENOTDIR" || code === "EEXIST")
    return path === folder ? "it is a file" : `${path ?? "its parent"} is a file`;
  return reasons[code ?? ""] ?? (code === undefined ? message : `the system says ${code}`);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "you have no permission to write there",
  EPERM: "you have no permission to write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "it is a symbolic link to itself",
  ENOENT: "it cannot be created there",
  ETIMEDOUT: "its file system does not answer",
  ESTALE: "its network drive is gone",
  EIO: "its disk reports an input/output error",
  ERR_INVALID_ARG_VALUE: "its name contains a NUL byte",
};

async function check(folder: string, neededBytes: number): Promise<void> {
  const { existing, missing } = await listMissingFolders(folder);
  const [topmost] = missing;
  if (topmost !== undefined && (await isDanglingLink(topmost)))
    throw createOutputError(folder, `${topmost === folder ? "it" : topmost} is a symbolic link to nothing`);
  const disk = await statfs(existing);
  if (process.platform === "linux" && notStorage.has(disk.type))
    throw createOutputError(folder, `${existing} is not on a disk`);
  await access(existing, constants.W_OK | constants.X_OK);
  // Some FUSE file systems report no sizes at all.
  if (disk.blocks === 0) return;
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes >= neededBytes) return;
  const free = freeBytes === 0 ? "its disk is full" : `its disk has ${formatBytes(freeBytes)} free`;
  throw createOutputError(folder, `${free}, and the results need about ${formatBytes(neededBytes)}`);
}

async function isDanglingLink(path: string): Promise<boolean> {
  if (dirname(path) === path) return false;
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

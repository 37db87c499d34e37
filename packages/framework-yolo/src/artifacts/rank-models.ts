import { basename, dirname, join } from "node:path/posix";
import type { RemoteFile } from "@unitrain/core/spec";
import { isOfficialName } from "../options/model-name.ts";
import type { CheckedOptions } from "../options/options.ts";
import { getNamedWeights, getShippedPath } from "../options/weights.ts";

/**
 * Sorts the models of a run, best first: `best`, `last`, the highest `epochN`, then the newest file. Leaves out the
 * weights that the training started from.
 */
export function rankModels(files: readonly RemoteFile[], options: CheckedOptions): readonly RemoteFile[] {
  return files
    .filter((file) => file.sizeBytes > 0 && !isInputWeights(file, options))
    .map((file) => ({ file, order: getRank(basename(file.path)) }))
    .sort((a, b) => compare(a.order, b.order) || compare(b.file.modifiedAt, a.file.modifiedAt))
    .map(({ file }) => file);
}

/** Returns a sort key by file name; smaller is better. */
function getRank(name: string): number {
  const stem = name.replace(/\.pth?$/, "");
  if (stem === "best") return -3;
  if (stem === "last") return -2;
  const epoch = parseEpoch(name);
  return epoch === undefined ? 0 : -1 - (epoch + 1) / (epoch + 2);
}

/** Returns the number in a name such as `epoch10.pt`; undefined for other names. */
export function parseEpoch(name: string): number | undefined {
  const epoch = /^epoch(\d+)\.pth?$/.exec(name)?.[1];
  return epoch === undefined ? undefined : Number(epoch);
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Returns whether a file is input rather than result: uploaded for an argument, downloaded by Ultralytics into the
 * working folder, or used for its check of the GPU.
 */
function isInputWeights(file: RemoteFile, options: CheckedOptions): boolean {
  const name = basename(file.path);
  const path = join(basename(dirname(file.path)), name);
  const shipped = Object.entries(getNamedWeights(options)).some(
    ([argument, named]) => path === getShippedPath(argument, named),
  );
  return shipped || (isOfficialName(name) && !/^(?:best|last|epoch)/.test(name));
}

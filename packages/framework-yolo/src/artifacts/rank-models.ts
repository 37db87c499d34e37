import { basename, dirname, join } from "node:path/posix";
import type { RemoteFile } from "@unitrain/core/spec";
import { isOfficialName } from "../options/model-name.ts";
import type { CheckedOptions } from "../options/options.ts";
import { getNamedWeights, getShippedPath } from "../options/weights.ts";

/** Models of a run, best first: `best`, `last`, the highest `epochN`, then what is newest. Weights it began with are left out. */
export function rankModels(files: readonly RemoteFile[], options: CheckedOptions): readonly RemoteFile[] {
  return files
    .filter((file) => file.sizeBytes > 0 && !isInputWeights(file, options))
    .map((file) => ({ file, order: getRank(basename(file.path)) }))
    .sort((a, b) => compare(a.order, b.order) || compare(b.file.modifiedAt, a.file.modifiedAt))
    .map(({ file }) => file);
}

/** Smaller is better. */
function getRank(name: string): number {
  const stem = name.replace(/\.pth?$/, "");
  if (stem === "best") return -3;
  if (stem === "last") return -2;
  const epoch = parseEpoch(name);
  return epoch === undefined ? 0 : -1 - (epoch + 1) / (epoch + 2);
}

/** Of `epoch10.pt`. */
export function parseEpoch(name: string): number | undefined {
  const epoch = /^epoch(\d+)\.pth?$/.exec(name)?.[1];
  return epoch === undefined ? undefined : Number(epoch);
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Shipped for an argument, fetched into the working folder, or taken for Ultralytics' own check of the GPU. */
function isInputWeights(file: RemoteFile, options: CheckedOptions): boolean {
  const name = basename(file.path);
  const path = join(basename(dirname(file.path)), name);
  const shipped = Object.entries(getNamedWeights(options)).some(
    ([argument, named]) => path === getShippedPath(argument, named),
  );
  return shipped || (isOfficialName(name) && !/^(?:best|last|epoch)/.test(name));
}

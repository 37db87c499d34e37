import { matchesGlob } from "node:path/posix";
import { UnitrainError } from "@unitrain/core/spec";

/** Refuses a glob that could match nothing in the folder that the command runs in. */
export function checkGlob(option: string, glob: string): void {
  const fault = /^(?:\/|~|[A-Za-z]:\\)/.test(glob)
    ? "is not relative"
    : toRelative(glob).split("/").includes("..")
      ? "leaves the folder"
      : undefined;
  if (fault === undefined) return;
  throw new UnitrainError("INVALID_OPTIONS", `${option} is ${JSON.stringify(glob)}, which ${fault}.`, {
    hint: "Write it relative to the folder that the command runs in (`out/*.pt`), or write into {output} and use `*.pt`.",
  });
}

/** Returns whether a glob matches a relative path, or the name of a folder above it. */
export function matchesAny(globs: readonly string[], path: string): boolean {
  return globs
    .map(toRelative)
    .some((glob) => matchesGlob(path, glob) || matchesGlob(path, `${glob.replace(/\/$/, "")}/**`));
}

/** `{output}/x` and `./x` are `x`: a glob is compared with the paths below both folders. */
export const toRelative = (glob: string): string =>
  glob.replace(/^\{output\}\//, "").replace(/^(?:\.\/)+/, "");

/** Returns the pattern of the file's own name: `*.pt` for `out/*.pt`. Undefined if it says nothing, as in `out/**`. */
export function getNamePattern(glob: string): string | undefined {
  const name = toRelative(glob).split("/").at(-1) ?? "";
  return /^\**$/.test(name) ? undefined : name;
}

import { UnitrainError } from "@unitrain/core/spec";

/**
 * Options of `local()`.
 *
 * @example
 * ```ts
 * import type { LocalOptions } from "@unitrain/provider-local";
 *
 * const options: LocalOptions = { workFolder: "/data/unitrain" };
 * ```
 */
export interface LocalOptions {
  /** Folder of datasets, jobs and their outputs: absolute, or below the home folder with `~/`. Defaults to `~/.unitrain/1`. */
  readonly workFolder?: string;
}

/** Checks the options without zod, because loading it for one option would take a tenth of the time of each start. */
export function parseOptions(options: LocalOptions): LocalOptions {
  if (typeof options !== "object" || options === null)
    throw invalidOptionsError("the options must be an object");
  const [unknown] = Object.keys(options).filter((key) => key !== "workFolder");
  if (unknown !== undefined) throw invalidOptionsError(`there is no option ${JSON.stringify(unknown)}`);
  const { workFolder } = options;
  if (workFolder === undefined) return {};
  if (typeof workFolder === "string" && isPlainPath(workFolder)) return { workFolder };
  throw invalidOptionsError(
    `workFolder is ${JSON.stringify(workFolder)}, but must be an absolute path, or begin with ~/, without ., .. or a / at its end`,
  );
}

/** Applies the rule of the transport, which is loaded later, so that a folder that it would refuse fails the plan. */
function isPlainPath(folder: string): boolean {
  const [start = "", ...names] = folder.split("/");
  const isAnchored = (start === "" || start === "~") && names.length > 0;
  return isAnchored && !folder.includes("\0") && names.every((name) => !["", ".", ".."].includes(name));
}

function invalidOptionsError(reason: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `local(): ${reason}.`, {
    hint: "Use only the option workFolder.",
  });
}

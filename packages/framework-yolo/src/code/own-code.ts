import { listCodeEntries } from "@unitrain/core/code";
import type { Finding, ManifestEntry } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { createCallbacksEntry } from "./callbacks.ts";
import { checkClass } from "./check-class.ts";
import { codeFolder } from "./code-folder.ts";

/**
 * Collects the user's own code for upload. Checks, by reading the source, that the trainer and validator exist and that
 * callbacks have names that Ultralytics calls. Returns undefined when there is no code. Throws `INVALID_OPTIONS`.
 */
export function collectOwnCode(
  options: CheckedOptions,
  signal: AbortSignal,
): { readonly entries: readonly ManifestEntry[]; readonly findings: readonly Finding[] } | undefined {
  const { callbacks, code, codeInclude } = options;
  if (code === undefined && callbacks === undefined) return undefined;
  const { entries, findings } =
    code === undefined
      ? { entries: [], findings: [] }
      : listCodeEntries(code, { target: codeFolder, signal, included: codeInclude });
  for (const argument of ["trainer", "validator"] as const) {
    const path = options[argument];
    if (code !== undefined && path !== undefined) checkClass(argument, path, code, entries, options.pip);
  }
  return {
    entries: callbacks === undefined ? entries : [...entries, createCallbacksEntry(callbacks, options)],
    findings,
  };
}

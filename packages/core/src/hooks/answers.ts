import { findAdapterFault } from "../spec/adapter-shape.ts";
import type { HookName } from "../spec/index.ts";

/** Returns what is wrong with a handler's answer, as a clause, or undefined if it can be used. */
export type AnswerCheck = (answer: unknown) => string | undefined;

/** The checks of each hook's answers. Plugins are third-party code, so nothing that they return is used unchecked. */
export const answerChecks: { readonly [Name in HookName]: AnswerCheck } = {
  provision: (answer) =>
    isMissing(answer) || isLease(answer) ? undefined : findAdapterFault("provider", answer),
  readyCheck(answer) {
    if (isMissing(answer)) return "it returned neither `ready: true` nor a reason";
    const { ready, reason } = answer as { ready?: unknown; reason?: unknown };
    if (ready === true || (ready === false && typeof reason === "string")) return undefined;
    return "it returned neither `ready: true` nor a reason";
  },
  ship: (answer) =>
    typeof (answer as { entries?: unknown } | undefined)?.entries === "function"
      ? undefined
      : "it returned no manifest (an object with entries())",
  run(answer) {
    if (isMissing(answer)) return "it returned no job";
    const { id, argv, env, cwd, watch, secrets } = answer as Record<string, unknown>;
    if (typeof id !== "string" || typeof cwd !== "string") return "it returned a job without id or cwd";
    if (!isStringList(argv) || argv.length === 0)
      return "it returned a job whose argv is not a list of strings";
    if (!isStringList(watch) || !isStringList(secrets))
      return "it returned a job whose watch or secrets is not a list of strings";
    if (typeof env !== "object" || env === null || !isStringList(Object.values(env))) {
      return "it returned a job whose env is not an object of strings";
    }
    return undefined;
  },
  locateArtifact(answer) {
    if (isMissing(answer)) return undefined;
    if (!Array.isArray(answer)) return "it returned no list of files";
    const isValid = answer.every(
      (file) => typeof file?.path === "string" && Number.isFinite(file?.sizeBytes),
    );
    return isValid ? undefined : "it returned a file without path or sizeBytes";
  },
  sanitize: (answer) => (typeof answer === "string" ? undefined : "it returned no string"),
};

/** A machine that an earlier run has kept. A provider has no lease id. */
function isLease(answer: unknown): boolean {
  return typeof (answer as { leaseId?: unknown }).leaseId === "string";
}

function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

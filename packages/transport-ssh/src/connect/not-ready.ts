import { type NotReady, toPlainLine } from "@unitrain/core/spec";

/** The steps until a machine is ready, in their order. */
export type Step = "tcp" | "banner" | "login";

/** Returns a `NotReady`. Removes control characters from `reason`, which may contain text of an unknown server. */
export function createNotReady(step: Step, reason: string, isFinal = false): NotReady {
  return {
    ready: false,
    step,
    reason: toPlainLine(reason).trim(),
    ...(isFinal ? { final: isFinal } : {}),
  };
}

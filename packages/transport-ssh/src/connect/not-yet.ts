import type { NotReady } from "@unitrain/core/spec";

/** The steps of readiness, in their order. */
export type Step = "tcp" | "banner" | "login";

export function notYet(step: Step, reason: string, final = false): NotReady {
  return { ready: false, step, reason, ...(final ? { final } : {}) };
}

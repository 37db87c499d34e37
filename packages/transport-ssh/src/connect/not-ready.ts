import type { NotReady } from "@unitrain/core/spec";

/** The steps of readiness, in their order. */
export type Step = "tcp" | "banner" | "login";

/** `reason` may hold the words of a server that nobody knows yet: no sign of them commands a terminal. */
export function notReady(step: Step, reason: string, isFinal = false): NotReady {
  return {
    ready: false,
    step,
    reason: reason.replaceAll(/\p{Cc}+/gu, " ").trim(),
    ...(isFinal ? { final: isFinal } : {}),
  };
}

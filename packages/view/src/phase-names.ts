import type { Phase } from "@unitrain/core/spec";

/** Phases in a person's words; one that is not here keeps its own. */
const names: Readonly<Record<Phase, string>> = {
  plan: "plan",
  lease: "machine",
  connect: "connection",
  ship: "upload",
  environment: "environment",
  start: "start",
  train: "training",
  locate: "search",
  download: "download",
  teardown: "clean up",
};

export function phaseName(phase: string, rented = false): string {
  if (rented && phase === "teardown") return "release";
  return names[phase as Phase] ?? phase;
}

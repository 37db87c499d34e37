import type { Phase } from "@unitrain/core/spec";

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

/** Returns the name of a phase for display: `ship` is shown as `upload`. */
export function formatPhaseName(phase: string, isRented = false): string {
  if (isRented && phase === "teardown") return "release";
  return Object.hasOwn(names, phase) ? names[phase as Phase] : phase;
}

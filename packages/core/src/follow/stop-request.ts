import type { StopOptions } from "../api/run.ts";

const discardWord = "discard";

/** What a process that only watches leaves in a file for the one that drives. */
export function stopRequestText({ graceMs, discard = false }: StopOptions = {}): string {
  return discard ? discardWord : String(graceMs ?? "");
}

export function readStopRequest(text: string): StopOptions {
  if (text.trim() === discardWord) return { discard: true };
  const graceMs = Number.parseInt(text, 10);
  return Number.isFinite(graceMs) ? { graceMs } : {};
}

import { appendFileSync } from "node:fs";
import path from "node:path";

/** One request, as it was answered. Bodies and headers are left out: they hold keys and passwords. */
export interface EmulatorEvent {
  readonly number: number;
  readonly atMs: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The row of the table, `unknown` when there is none. */
  readonly call: string;
  /** 0: no answer was given. */
  readonly status: number;
  readonly fault?: string;
}

export interface EventLog {
  append(event: EmulatorEvent): void;
  /** Of this emulator process, oldest first; the file holds those of earlier ones too. */
  all(): readonly EmulatorEvent[];
}

/** Append-only, one JSON object a line in `events.jsonl`. */
export function openEventLog(folder: string): EventLog {
  const file = path.join(folder, "events.jsonl");
  const events: EmulatorEvent[] = [];
  return {
    append(event) {
      events.push(event);
      appendFileSync(file, `${JSON.stringify(event)}\n`, { mode: 0o600 });
    },
    all: () => [...events],
  };
}

import { appendFileSync } from "node:fs";
import path from "node:path";

/** An answered request. Bodies and headers are excluded because they contain keys and passwords. */
export interface EmulatorEvent {
  readonly number: number;
  readonly atMs: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Name of the API call; `unknown` if there is none. */
  readonly call: string;
  /** HTTP status; 0 for no answer. */
  readonly status: number;
  readonly fault?: string;
}

export interface EventLog {
  append(event: EmulatorEvent): void;
  /** Returns the events of this process, oldest first. The file has those of earlier ones too. */
  all(): readonly EmulatorEvent[];
}

/** Opens the log `events.jsonl`, to which one JSON object per line is appended. */
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

import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../state/write-file.ts";

/** What keeps the guardian from looking after runs: said once in its log, and kept in a file for `runs`. */
export interface Problems {
  report(run: Reported, message: string): void;
  clear(run: Reported): void;
}

interface Reported {
  readonly id: string;
  readonly name: string;
}

export function keepProblems(home: string, say: (message: string) => void): Problems {
  const messages = new Map<string, string>();
  let writing: Promise<void> = rm(fileOf(home), { force: true }).catch(() => {});
  const write = () => {
    const content = JSON.stringify(Object.fromEntries(messages));
    // A state folder that cannot be written to is told by the log alone.
    writing = writing.then(() => replaceFile(fileOf(home), `${content}\n`)).catch(() => {});
  };
  return {
    report({ id, name }, message) {
      if (messages.get(id) === message) return;
      messages.set(id, message);
      say(`${name}: ${message}`);
      write();
    },
    clear({ id }) {
      if (messages.delete(id)) write();
    },
  };
}

/** By run id. */
export function readProblems(home: string): ReadonlyMap<string, string> {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(fileOf(home), "utf8")));
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return new Map();
  }
}

function fileOf(home: string): string {
  return join(home, "guardian-problems.json");
}

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readPlainFileSync } from "../../state/read-plain-file.ts";
import { replaceFile } from "../../state/write-file.ts";

/** Problems that keep the guardian from driving runs. Each message is shown once, however often the problem is found. */
export interface Problems {
  /** Shows the problem, and stores it in a file for the `runs` command until it is cleared. */
  report(run: Reported, message: string): void;
  /** Only shows the message, because the `runs` command detects this problem itself. */
  showStatus(run: Reported, message: string): void;
  has(run: Reported): boolean;
  clear(run: Reported): void;
}

interface Reported {
  readonly id: string;
  readonly name: string;
}

/** Creates the list of problems. `mask` removes secrets from what is stored. */
export function keepProblems(
  home: string,
  showStatus: (message: string) => void,
  mask: (message: string) => string,
): Problems {
  const reported = new Map<string, string>();
  const shownMessages = new Map<string, Set<string>>();
  let writing: Promise<void> = rm(getPath(home), { force: true }).catch(() => {});
  const write = () => {
    const content = JSON.stringify(Object.fromEntries(reported));
    // When the state folder cannot be written, the problem appears only in the log.
    writing = writing.then(() => replaceFile(getPath(home), `${content}\n`)).catch(() => {});
  };
  const showOnce = ({ id, name }: Reported, message: string) => {
    const messages = shownMessages.get(id) ?? new Set();
    if (messages.has(message)) return;
    shownMessages.set(id, messages.add(message));
    showStatus(`${name}: ${message}`);
  };
  return {
    report(run, message) {
      showOnce(run, message);
      const masked = mask(message);
      if (reported.get(run.id) === masked) return;
      reported.set(run.id, masked);
      write();
    },
    showStatus: showOnce,
    has: ({ id }) => reported.has(id),
    clear({ id }) {
      shownMessages.delete(id);
      if (reported.delete(id)) write();
    },
  };
}

/** Reads the stored problems, by run id. */
export function readProblems(home: string): ReadonlyMap<string, string> {
  try {
    const entries = Object.entries(JSON.parse(readPlainFileSync(getPath(home))));
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return new Map();
  }
}

function getPath(home: string): string {
  return join(home, "guardian-problems.json");
}

import { readdirSync, readFileSync } from "node:fs";
import type { CanarySearch, Leak } from "./search.ts";

const everyMs = 15;

export interface ProcessWatch {
  /** Ends the watch. Returns the canaries in arguments of processes, as every user of the computer could have seen them. */
  stop(): { readonly leaks: readonly Leak[]; readonly commandLines: ReadonlySet<string> };
}

/** Reads the arguments of all processes of this computer again and again. Linux only. */
export function watchProcesses(search: CanarySearch): ProcessWatch {
  const commandLines = new Set<string>();
  const look = () => {
    for (const id of readdirSync("/proc")) {
      if (!/^\d+$/.test(id)) continue;
      try {
        commandLines.add(readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // It has ended.
      }
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(timer);
      look();
      const leaks = [...commandLines].flatMap((line) =>
        search.bytes(`the arguments of a process: ${line.slice(0, 200)}`, line),
      );
      return { leaks, commandLines };
    },
  };
}

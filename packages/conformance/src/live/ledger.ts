import { appendFile, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Resource } from "@unitrain/core/spec";
import { isSameResource, type SaveLedger } from "../provider/lease-under-test.ts";

/** The resources of live checks on disk. What is in it may cost money until it is proven gone. */
export interface LiveLedger {
  readonly save: SaveLedger;
  /** Records that resources are proven gone. */
  prove(resources: readonly Resource[]): Promise<void>;
  /** Reads the resources that are not proven gone, also those of earlier processes. */
  readUnproven(): Promise<readonly Resource[]>;
}

interface Line {
  readonly held?: readonly Resource[];
  readonly gone?: readonly Resource[];
}

/** Opens the ledger. Each line is on disk before the call that writes it resolves. */
export function openLiveLedger(file: string): LiveLedger {
  const append = async (line: Line) => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    const handle = await open(file);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  return {
    save: (_leaseId, held) => append({ held }),
    prove: (gone) => (gone.length === 0 ? Promise.resolve() : append({ gone })),
    async readUnproven() {
      let unproven: readonly Resource[] = [];
      for (const { held = [], gone = [] } of await readLines(file)) {
        unproven = [...unproven.filter((one) => !held.some((other) => isSameResource(one, other))), ...held];
        unproven = unproven.filter((one) => !gone.some((other) => isSameResource(one, other)));
      }
      return unproven;
    },
  };
}

/** Reads the lines. A file that is missing has none; a line that cannot be read is an error, because it may name a resource. */
async function readLines(file: string): Promise<readonly Line[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, at) => {
    try {
      return JSON.parse(line) as Line;
    } catch (cause) {
      throw new Error(
        `Cannot read line ${at + 1} of ${file}. Look in the provider's console for resources named ${testPrefix}…, and remove the line.`,
        { cause },
      );
    }
  });
}

/** The beginning of the name of every resource that a live check creates. */
export const testPrefix = "unitrain-c0nf0r-";

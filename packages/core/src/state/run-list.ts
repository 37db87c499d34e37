import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "../spec/index.ts";
import { type LedgerReading, readLedger } from "./ledger.ts";
import { type RunFolder, runFolder } from "./run-folder.ts";

/** A run found on this computer. */
export interface FoundRun {
  readonly id: string;
  readonly name: string;
  readonly folder: RunFolder;
  readonly reading: LedgerReading;
}

/** Every run that has an intent, newest first. Reads files only. */
export async function listRunFolders(home: string): Promise<readonly FoundRun[]> {
  const ids = await readdir(join(home, "runs")).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const runs = await Promise.all(
    ids.map(async (id) => {
      const folder = runFolder(home, id);
      const reading = await readLedger(folder.ledger);
      return { id, name: reading.state.plan?.name ?? id, folder, reading };
    }),
  );
  return runs
    .filter(({ reading }) => reading.entries > 0 || reading.damaged > 0)
    .sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** By id, name, or the beginning of an id; the newest when none is given. */
export async function findRun(home: string, wanted: string | undefined): Promise<FoundRun> {
  const runs = await listRunFolders(home);
  const [newest] = runs;
  if (newest === undefined) {
    throw new UnitrainError("RUN_NOT_FOUND", "There is no run on this computer yet.", {
      hint: "Start one with `unitrain train`.",
    });
  }
  if (wanted === undefined) return newest;
  const exact = runs.find(({ id, name }) => id === wanted || name === wanted);
  const begun = runs.filter(({ id }) => id.startsWith(wanted));
  if (exact !== undefined) return exact;
  if (begun.length === 1 && begun[0] !== undefined) return begun[0];
  const message =
    begun.length > 1 ? `${begun.length} runs begin with "${wanted}"` : `There is no run "${wanted}"`;
  throw new UnitrainError("RUN_NOT_FOUND", `${message}.`, {
    hint: `The newest are ${runs
      .slice(0, 3)
      .map(({ name }) => name)
      .join(", ")}; \`unitrain runs\` lists all.`,
  });
}

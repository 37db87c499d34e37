import { UnitrainError } from "../spec/index.ts";
import { type FoundRun, listRunFolders } from "./run-list.ts";
import { createUnreadableError } from "./unreadable.ts";

/** Finds a run by its id, its name or the beginning of its id, or the newest run. Throws if its ledger cannot be read. */
export async function findRun(home: string, nameOrId: string | undefined): Promise<FoundRun> {
  const runs = await listRunFolders(home);
  const found = nameOrId === undefined ? findNewest(runs) : findByNameOrId(runs, nameOrId);
  const { problem, state } = found.reading;
  if (problem?.kind === "newer" || problem?.kind === "unreadable") {
    const others =
      nameOrId === undefined ? runs.filter(({ reading }) => reading.state.plan !== undefined) : [];
    throw createUnreadableError(
      problem,
      others.slice(0, 3).map(({ name }) => name),
    );
  }
  if (state.plan === undefined)
    throw createUnreadableError(
      problem ?? { kind: "unreadable", file: found.folder.ledger, message: "It names no plan." },
    );
  return found;
}

function findNewest(runs: readonly FoundRun[]): FoundRun {
  const [newest] = runs;
  if (newest !== undefined) return newest;
  throw new UnitrainError("RUN_NOT_FOUND", "This computer has no runs yet.", {
    hint: "Start one.",
    action: { type: "start" },
  });
}

function findByNameOrId(runs: readonly FoundRun[], nameOrId: string): FoundRun {
  const exact = runs.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (exact !== undefined) return exact;
  const candidates = runs.filter(({ id }) => id.startsWith(nameOrId));
  if (candidates.length === 1 && candidates[0] !== undefined) return candidates[0];
  const message =
    candidates.length > 1
      ? `${candidates.length} runs begin with "${nameOrId}"`
      : `There is no run "${nameOrId}"`;
  const newest = runs.slice(0, 3).map(({ name }) => name);
  throw new UnitrainError("RUN_NOT_FOUND", `${message}.`, {
    ...(newest.length === 0
      ? { hint: "Start one.", action: { type: "start" } }
      : { hint: `The newest are ${newest.join(", ")}. List all.`, action: { type: "list-runs" } }),
  });
}

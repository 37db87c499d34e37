import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { getOutputFolder } from "../output/get-output-folder.ts";
import { type LockedRun, takeRun } from "../run/take-run.ts";
import { type Action, UnitrainError } from "../spec/index.ts";
import { findRun } from "../state/find-run.ts";
import type { FoundLease } from "../state/lease-list.ts";
import { getLeaseStage } from "../state/lease-state.ts";
import { createLocalDiskError } from "../state/local-disk.ts";
import type { Locks } from "../state/lock.ts";
import { listUnreleased } from "../state/run-leases.ts";
import { type FoundRun, listRunFolders } from "../state/run-list.ts";
import { createUnreadableError } from "../state/unreadable.ts";

/** Removes the records of one run, when they are not needed any more to know what costs, or to get at its results. */
export async function removeRun(home: string, locks: Locks, wanted: string) {
  await refuseSeveral(home, wanted);
  // Read again under the lock: whoever held it a moment ago may have gone on with the run.
  const { found, lock } = await lockRun(await findRun(home, wanted), locks);
  try {
    await refuseNeeded(found);
    const leases = await listUnsharedLeases(home, found);
    // In one step: a folder that is half gone would look like a run whose records were lost.
    const removed = join(home, `removed-${found.id}`);
    await lock.release();
    await rename(found.folder.path, removed).catch((error) => {
      throw createLocalDiskError(found.folder.path, error);
    });
    for (const path of [removed, ...leases.map(({ folder }) => folder.path)])
      await rm(path, { recursive: true, force: true }).catch(() => {});
    const { state } = found.reading;
    return {
      id: found.id,
      name: found.name,
      out: state.plan === undefined ? "" : getOutputFolder(state.plan, state),
    };
  } finally {
    await lock.release();
  }
}

async function lockRun(wanted: FoundRun, locks: Locks): Promise<LockedRun> {
  const locked = await takeRun(locks, wanted);
  if (locked === undefined)
    throw createNeededError(wanted.name, "a process drives it", "Stop it first.", {
      type: "stop",
      run: wanted.name,
    });
  if ("problem" in locked) throw createUnreadableError(locked.problem);
  return locked;
}

/** Leases that are released and that no other run had: whatever is shown of that one needs them still. */
async function listUnsharedLeases(home: string, run: FoundRun): Promise<readonly FoundLease[]> {
  const others = (await listRunFolders(home)).filter(({ id }) => id !== run.id);
  const needed = new Set(others.flatMap(({ leases }) => leases.map(({ id }) => id)));
  return run.leases.filter(
    ({ id, folder, state }) =>
      !needed.has(id) && folder.ledger !== run.folder.ledger && getLeaseStage(state) === "released",
  );
}

/** A name may have been used again and again; the newest is not meant more than the others. */
async function refuseSeveral(home: string, wanted: string): Promise<void> {
  const ids = (await listRunFolders(home)).filter(({ name }) => name === wanted).map(({ id }) => id);
  if (ids.length < 2) return;
  throw new UnitrainError("RUN_NOT_FOUND", `${ids.length} runs are called ${wanted}.`, {
    hint: `Name one by its id: ${ids.join(", ")}`,
  });
}

async function refuseNeeded(run: FoundRun): Promise<void> {
  const { name, folder, reading } = run;
  const { state, problem } = reading;
  if (problem !== undefined) throw createUnreadableError(problem);
  if (listUnreleased(run).length > 0)
    throw createNeededError(name, "something of it is not confirmed gone and may cost", "Release it first.", {
      type: "release",
    });
  if (state.outcome === undefined)
    throw createNeededError(name, "it is not over", "End it first.", { type: "stop", run: name });
  const results = await readdir(folder.results).catch(() => []);
  if (results.length > 0)
    throw createNeededError(
      name,
      `its results are in ${folder.results}`,
      "Move them to a folder of yours first.",
    );
}

function createNeededError(name: string, reason: string, hint: string, action?: Action): UnitrainError {
  return new UnitrainError("RUN_BUSY", `The records of ${name} are still needed: ${reason}.`, {
    hint,
    action,
  });
}

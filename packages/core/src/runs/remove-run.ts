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

/** Implements `Runs.remove`. It refuses records that are still needed to know what costs money, or to find the results. */
export async function removeRun(home: string, locks: Locks, wanted: string) {
  await refuseSeveral(home, wanted);
  // Read again under the lock, because the process that held it a moment ago may have continued the run.
  const { found, lock } = await lockRun(await findRun(home, wanted), locks);
  try {
    await refuseNeeded(found);
    const leases = await listUnsharedLeases(home, found);
    // The rename is atomic, because a folder that is half removed would look like a run whose records were lost.
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
    throw createNeededError(wanted.name, "a process drives it", "Stop the run first.", {
      type: "stop",
      run: wanted.name,
    });
  if ("problem" in locked) throw createUnreadableError(locked.problem);
  return locked;
}

/** Lists the released leases that no other run held, because the receipts and lists of another run still need its leases. */
async function listUnsharedLeases(home: string, run: FoundRun): Promise<readonly FoundLease[]> {
  const others = (await listRunFolders(home)).filter(({ id }) => id !== run.id);
  const needed = new Set(others.flatMap(({ leases }) => leases.map(({ id }) => id)));
  return run.leases.filter(
    ({ id, folder, state }) =>
      !needed.has(id) && folder.ledger !== run.folder.ledger && getLeaseStage(state) === "released",
  );
}

/** Refuses a name that several runs have, because it is not certain that the newest is meant. */
async function refuseSeveral(home: string, wanted: string): Promise<void> {
  const ids = (await listRunFolders(home)).filter(({ name }) => name === wanted).map(({ id }) => id);
  if (ids.length < 2) return;
  throw new UnitrainError("RUN_NOT_FOUND", `${ids.length} runs have the name ${wanted}.`, {
    hint: `Use the id of one of them: ${ids.join(", ")}`,
  });
}

async function refuseNeeded(run: FoundRun): Promise<void> {
  const { name, folder, reading } = run;
  const { state, problem } = reading;
  if (problem !== undefined) throw createUnreadableError(problem);
  if (listUnreleased(run).length > 0)
    throw createNeededError(
      name,
      "a resource of it is not confirmed gone and may still cost money",
      "Release it first.",
      { type: "release" },
    );
  if (state.outcome === undefined)
    throw createNeededError(name, "it is not over", "Stop the run first.", { type: "stop", run: name });
  const results = await readdir(folder.results).catch(() => []);
  if (results.length > 0)
    throw createNeededError(
      name,
      `its results are in ${folder.results}`,
      "Move them to another folder first.",
    );
}

function createNeededError(name: string, reason: string, hint: string, action?: Action): UnitrainError {
  return new UnitrainError("RUN_BUSY", `The records of ${name} are still needed: ${reason}.`, {
    hint,
    action,
  });
}

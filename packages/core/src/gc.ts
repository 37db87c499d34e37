import type { GcReport } from "./api.ts";
import { type ControllerGiven, control } from "./run/controller.ts";
import { finish } from "./run/finish.ts";
import { type Ending, noteFailure } from "./run/run.ts";
import type { RunScope } from "./run/scope.ts";
import { teardown } from "./run/teardown.ts";
import { type Resource, UnitrainError } from "./spec/index.ts";
import type { Lock, Locks } from "./state/lock.ts";
import { lockProblem, stateOfLock } from "./state/lock-state.ts";
import { readLedger } from "./state/read-ledger.ts";
import { type FoundRun, listRunFolders } from "./state/run-list.ts";
import type { StateProblem } from "./state/unreadable.ts";
import { mustNotBeActedOn, unreadableRun } from "./unreadable-run.ts";

export interface CollectGiven {
  readonly home: string;
  readonly locks: Locks;
  readonly signal?: AbortSignal | undefined;
  readonly dryRun?: boolean | undefined;
  readonly take: (found: FoundRun, lock: Lock) => Promise<ControllerGiven>;
}

/** Gives back what runs without a living controller may still pay for; each by the ids and names in its ledger, and nothing else. */
export async function collect(given: CollectGiven): Promise<GcReport> {
  const runs: string[] = [];
  const driven: GcReport["driven"][number][] = [];
  const pending: GcReport["pending"][number][] = [];
  const released: Resource[] = [];
  const unconfirmed: GcReport["unconfirmed"][number][] = [];
  const unreadable: GcReport["unreadable"][number][] = [];
  const report = (found: FoundRun, problem?: StateProblem) => {
    if (unreadable.some(({ runId }) => runId === found.id)) return;
    const one = unreadableRun(found, problem);
    if (one !== undefined) unreadable.push(one);
  };
  for (const found of await listRunFolders(given.home)) {
    given.signal?.throwIfAborted();
    report(found);
    const before = found.reading.state.unreleased;
    if (before.length === 0 || mustNotBeActedOn(found.reading.problem)) continue;
    let lock: Lock | undefined;
    try {
      lock = await given.locks.take(found.folder.lock);
    } catch (error) {
      report(found, lockProblem(found.folder.lock, error));
      continue;
    }
    if (lock === undefined) {
      const { holder: pid = 0 } = await stateOfLock(given.locks, found.folder.lock);
      driven.push({ runId: found.id, name: found.name, pid });
      continue;
    }
    runs.push(found.id);
    if (given.dryRun) {
      await lock.release();
      for (const resource of before) pending.push({ runId: found.id, resource });
      continue;
    }
    let reason = "not confirmed";
    try {
      await control(await given.take(found, lock), giveBack).result.catch((error) => {
        reason = error.message;
      });
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    const after = await readLedger(found.folder.ledger);
    if (after.entries < found.reading.entries) report(found, after.problem ?? lostMeanwhile(found));
    const { unreleased, proofs } = after.state;
    released.push(...proofs.slice(found.reading.state.proofs.length).map(({ resource }) => resource));
    for (const resource of unreleased) unconfirmed.push({ runId: found.id, resource, reason });
  }
  return { runs, released, driven, pending, unconfirmed, unreadable };
}

function lostMeanwhile({ folder }: FoundRun): StateProblem {
  return { kind: "unreadable", file: folder.ledger, message: "It was removed or replaced meanwhile." };
}

/** All that is left to do with a run that nobody drives. */
export async function giveBack(run: RunScope): Promise<Ending> {
  const { outcome } = run.ledger.state;
  if (outcome === undefined) {
    await noteFailure(
      run,
      new UnitrainError(
        "CANCELLED",
        "The process that drove this run died; what it had rented was given back.",
        {
          hint: "Start again.",
        },
      ),
    );
  }
  await teardown(run, { keepRemoteFiles: true });
  return finish(run);
}

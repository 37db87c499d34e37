import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MachineAssembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import { type ReleaseProof, type Resource, UnitrainError } from "../spec/index.ts";
import { readLockState } from "../state/lock-state.ts";
import { makeFolders } from "../state/make-folders.ts";
import { findCurrentLease } from "../state/run-leases.ts";
import { type FoundRun, listRunFolders } from "../state/run-list.ts";
import { mustNotBeActedOn } from "../state/unreadable.ts";
import { listLoneLeases } from "./lone-leases.ts";

const listTimeoutMs = 2 * 60_000;
const releaseTimeoutMs = 5 * 60_000;

/** Lists resources at the provider that carry our naming scheme but are not tracked by any ledger of this computer. */
export async function listUntracked(
  assembly: MachineAssembly,
  signal?: AbortSignal,
): Promise<readonly Resource[]> {
  const { provider, boundary, home } = assembly;
  if (provider.list === undefined) {
    throw new UnitrainError("NOT_AVAILABLE", `"${provider.name}" cannot list rented resources.`, {
      hint: "Check the provider's console.",
    });
  }
  const list = provider.list.bind(provider);
  const call = {
    phase: "teardown" as const,
    adapter: `${provider.name}.list`,
    timeoutMs: listTimeoutMs,
    signal,
  };
  const listed = await callAdapter(boundary, call, (context) => list(context));
  const runs = await readableRuns(home);
  const tracked = await trackedResources(home, runs);
  const driven = await listUnreadableDrivenRuns(runs, assembly);
  return listed.filter(
    (listed) =>
      !tracked.some(
        ({ kind, name, id }) => kind === listed.kind && (name === listed.name || id === listed.id),
      ) && !driven.some((id) => listed.name.includes(id)),
  );
}

const unreadableRuns: readonly FoundRun[] = [];

/** Returns no runs when the list of runs cannot be read: only the provider's list is available then. */
async function readableRuns(home: string): Promise<readonly FoundRun[]> {
  return listRunFolders(home).catch((error) => {
    if (UnitrainError.isInstance(error) && error.code === "STATE_UNREADABLE") return unreadableRuns;
    throw error;
  });
}

/** Lists the resources that `gc` would release. It does not act on runs that cannot be read, nor on their resources. */
async function trackedResources(home: string, runs: readonly FoundRun[]): Promise<readonly Resource[]> {
  const ofRuns = runs
    .filter(({ reading }) => !mustNotBeActedOn(reading.problem))
    .flatMap((run) => findCurrentLease(run)?.state.unreleased ?? []);
  // Without the list of runs it is unknown which leases they hold, so `gc` releases none of them.
  const lone = runs === unreadableRuns ? [] : await listLoneLeases(home, runs).catch(() => []);
  return [...ofRuns, ...lone.flatMap(({ state }) => state.unreleased)];
}

/** Returns the ids of runs that a live process drives but whose ledgers are unreadable. The names of their resources contain these ids. */
async function listUnreadableDrivenRuns(
  runs: readonly FoundRun[],
  { ports }: MachineAssembly,
): Promise<readonly string[]> {
  const broken = runs.filter(({ reading }) => reading.problem !== undefined);
  const locks = await Promise.all(broken.map(({ folder }) => readLockState(ports.locks, folder.lock)));
  return broken.filter((_run, at) => locks[at]?.holder !== undefined).map(({ id }) => id);
}

/** Creates a temporary folder. It falls back to the system's, because a machine must be releasable without a writable state folder. */
async function scratchFolder(home: string): Promise<string> {
  try {
    await makeFolders(home, 0o700);
    return await mkdtemp(join(home, "untracked-"));
  } catch {
    return mkdtemp(join(tmpdir(), "unitrain-untracked-"));
  }
}

/** Releases the given resources, which `listUntracked` has just returned, and nothing else. */
export async function releaseUntracked(
  assembly: MachineAssembly,
  untracked: readonly Resource[],
  signal?: AbortSignal,
): Promise<readonly ReleaseProof[]> {
  const { provider, boundary, home } = assembly;
  const folder = await scratchFolder(home);
  const call = {
    phase: "teardown" as const,
    adapter: `${provider.name}.release`,
    timeoutMs: releaseTimeoutMs,
    signal,
  };
  try {
    return await callAdapter(boundary, call, (context) =>
      provider.release(untracked, { ...context, runId: "untracked", leaseId: "untracked", folder }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

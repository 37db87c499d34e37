import type { RunState, RunSummary } from "./api.ts";
import { guardianLock } from "./guardian/guard.ts";
import { paidSoFarUsd } from "./money/cost.ts";
import type { Ports } from "./ports.ts";
import { outputFolderOf } from "./run/output-folder.ts";
import type { Phase, Progress } from "./spec/index.ts";
import { readEvents } from "./state/event-reader.ts";
import type { LedgerState } from "./state/ledger-state.ts";
import { type FoundRun, listRunFolders } from "./state/run-list.ts";

/** Every run of this computer, newest first, told by its files alone. */
export async function summaries(home: string, ports: Ports): Promise<readonly RunSummary[]> {
  const found = await listRunFolders(home);
  const guardian = await ports.locks.holder(guardianLock(home)).catch(() => undefined);
  const all = await Promise.all(found.map((run) => summary(run, ports, guardian)));
  return all.filter((one) => one !== undefined);
}

async function summary(
  run: FoundRun,
  { locks, clock }: Ports,
  guardian: number | undefined,
): Promise<RunSummary | undefined> {
  const { state, damaged } = run.reading;
  const { plan } = state;
  if (plan === undefined) return undefined;
  const controller =
    state.outcome === undefined ? await locks.holder(run.folder.lock).catch(() => undefined) : undefined;
  const { phase, progress } = await lastOf(run);
  return {
    id: run.id,
    name: plan.name,
    state: stateOf(state, controller),
    ...(state.outcome === undefined ? {} : { outcome: state.outcome }),
    phase,
    createdAt: state.startedAt ?? plan.createdAt,
    machine: plan.quote.machine,
    provider: plan.provider,
    job: plan.job,
    ...(progress === undefined
      ? {}
      : {
          epochs: { done: progress.done, ...(progress.total === undefined ? {} : { total: progress.total }) },
        }),
    metrics: progress?.metrics ?? {},
    ...(controller === undefined ? {} : { controller, guarded: controller === guardian }),
    ...(plan.provider.ownership === "rented"
      ? {
          priceUsdPerHour: plan.quote.priceUsdPerHour,
          costUsd: paidSoFarUsd(state, plan.quote, clock.now()),
        }
      : {}),
    ...(state.deadline === undefined ? {} : { deadline: state.deadline }),
    unreleased: state.unreleased,
    out: outputFolderOf(plan, state),
    ...(damaged === 0 ? {} : { damaged: `${damaged} lines of its ledger cannot be read` }),
  };
}

function stateOf(state: LedgerState, controller: number | undefined): RunState {
  if (controller !== undefined) return "active";
  if (state.releaseUnconfirmed && state.unreleased.length > 0) return "release-unconfirmed";
  if (state.outcome !== undefined) return "over";
  return state.started ? "detached" : "interrupted";
}

async function lastOf(run: FoundRun): Promise<{ phase: Phase; progress: Progress | undefined }> {
  let phase: Phase = "plan";
  let progress: Progress | undefined;
  try {
    const { events: path, log } = run.folder;
    for await (const event of readEvents({
      path,
      log,
      isOver: () => true,
      change: async () => {},
      withoutText: true,
    })) {
      if (event.type === "phase" && event.state === "started") phase = event.phase;
      if (event.type === "progress" && event.complete) progress = event;
    }
  } catch {
    // No events yet, or none that can be read: the ledger has told the rest.
  }
  return { phase, progress };
}

import { addEpoch, type EpochsSeen } from "../follow/epochs-seen.ts";
import { readEvents } from "../follow/event-reader.ts";
import { guardianLock } from "../lease/guardian-lock.ts";
import { calculateRunCost } from "../money/cost.ts";
import { getOutputFolder } from "../output/get-output-folder.ts";
import type { Ports } from "../ports.ts";
import { listPossibleCosts } from "../recovery/gc/unreadable-run.ts";
import { readProblems } from "../recovery/guardian/problems.ts";
import type { Phase, Plan } from "../spec/index.ts";
import { getLeaseStage } from "../state/lease-state.ts";
import { type LockState, readLockState } from "../state/lock-state.ts";
import { listUnreleased } from "../state/run-leases.ts";
import { type FoundRun, listRuns } from "../state/run-list.ts";
import type { RunState, RunSummary } from "../state/run-summary.ts";
import { keepSettled } from "../state/settled-run.ts";
import { mustNotBeActedOn, type StateProblem } from "../state/unreadable.ts";

/** Implements `Runs.runs`. It reads only files. */
export async function listSummaries(home: string, ports: Ports): Promise<readonly RunSummary[]> {
  const { settled, found } = await listRuns(home);
  const guardian = await readLockState(ports.locks, guardianLock(home));
  const problems = readProblems(home);
  const read = await Promise.all(
    found.map((run) =>
      // An unexpected error in one run must not keep the other runs from being shown.
      summarize(run, ports, guardian).catch((error) => summarizeUnreadable(run, String(error))),
    ),
  );
  await Promise.all(read.map((summary, at) => keep(found[at], summary)));
  return [...settled, ...read.map((summary) => withGuardianProblem(summary, problems.get(summary.id)))].sort(
    (a, b) => (a.id < b.id ? 1 : -1),
  );
}

/** Summarizes one run. */
export async function summarizeRun(home: string, run: FoundRun, ports: Ports): Promise<RunSummary> {
  const guardian = await readLockState(ports.locks, guardianLock(home));
  return withGuardianProblem(await summarize(run, ports, guardian), readProblems(home).get(run.id));
}

async function keep(run: FoundRun | undefined, summary: RunSummary): Promise<void> {
  if (run !== undefined) await keepSettled(run.folder, run.stamp, summary);
}

/** Adds the guardian's problem to a run that needs the guardian, unless the run's own records show a problem already. */
function withGuardianProblem(summary: RunSummary, guardianProblem: string | undefined): RunSummary {
  const { state, unreleased, problem, controller } = summary;
  if (guardianProblem === undefined || problem !== undefined || controller !== undefined) return summary;
  return state === "over" && unreleased.length === 0 ? summary : { ...summary, guardianProblem };
}

async function summarize(run: FoundRun, { locks, clock }: Ports, guardian: LockState): Promise<RunSummary> {
  const { state } = run.reading;
  const { plan } = state;
  if (plan === undefined || mustNotBeActedOn(run.reading.problem)) return summarizeUnreadable(run);
  const lock: LockState = state.outcome === undefined ? await readLockState(locks, run.folder.lock) : {};
  const controller = lock.holder;
  const problem = lock.problem ?? run.reading.problem;
  const { phase, last, best } = await readLastProgress(run);
  return {
    ...ofPlan(plan, run, clock.now()),
    id: run.id,
    state: getRunState(run, lock),
    phase,
    ...(last === undefined
      ? {}
      : { epochs: { done: last.done, ...(last.total === undefined ? {} : { total: last.total }) } }),
    metrics: last?.metrics ?? {},
    ...(last?.score === undefined ? {} : { score: last.score }),
    ...(best === undefined ? {} : { best }),
    ...(controller === undefined ? {} : { controller, guarded: controller === guardian.holder }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function ofPlan(plan: Plan, run: FoundRun, nowMs: number) {
  const { state } = run.reading;
  const leases = run.leases.map((lease) => lease.state);
  return {
    name: plan.name,
    ...(state.outcome === undefined ? {} : { outcome: state.outcome }),
    createdAt: state.startedAt ?? plan.createdAt,
    machine: plan.quote.machine,
    provider: plan.provider,
    job: plan.job,
    ...(plan.metrics === undefined ? {} : { shownMetrics: plan.metrics }),
    ...(plan.settings === undefined ? {} : { settings: plan.settings }),
    ...(plan.command === undefined ? {} : { command: plan.command }),
    versions: { ...state.environment?.versions, ...plan.versions },
    data: { source: plan.source, digest: plan.data.digest },
    ...(state.workingFolder === undefined ? {} : { workingFolder: state.workingFolder }),
    ...(plan.provider.ownership === "rented"
      ? {
          priceUsdPerHour: plan.quote.priceUsdPerHour,
          costUsd: calculateRunCost(leases, plan.quote, { runId: run.id, nowMs }),
        }
      : {}),
    ...(state.deadline === undefined ? {} : { deadline: state.deadline }),
    leases: run.leases.map(({ id, state }) => ({ id, stage: getLeaseStage(state) })),
    unreleased: listUnreleased(run),
    out: getOutputFolder(plan, state),
  };
}

/** Summarizes a run whose records nothing acts on. If its ownership is unknown, it counts as rented, because it may cost money. */
function summarizeUnreadable(run: FoundRun, reason = "It names no plan."): RunSummary {
  const { id, name, hints, reading } = run;
  const { plan } = reading.state;
  const price = plan?.quote.priceUsdPerHour ?? hints.priceUsdPerHour;
  const fallback: StateProblem = { kind: "damaged", file: run.folder.ledger, message: reason };
  return {
    id,
    name,
    state: "unreadable",
    phase: "unknown",
    createdAt: plan?.createdAt ?? hints.createdAt ?? parseCreatedAt(id),
    machine: plan?.quote.machine ?? hints.machine ?? "unknown",
    provider: plan?.provider ?? {
      name: hints.provider ?? "unknown",
      ownership: hints.ownership ?? "rented",
    },
    job: plan?.job ?? hints.job ?? "unknown",
    metrics: {},
    ...(price === undefined ? {} : { priceUsdPerHour: price }),
    unreleased: listPossibleCosts(run),
    out: plan?.out ?? hints.out ?? "unknown",
    problem: reading.problem ?? fallback,
  };
}

/** Returns the time in the id of a run: `20261124-001530-k3f9`. */
function parseCreatedAt(id: string): string {
  const iso = id.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-.*$/, "$1-$2-$3T$4:$5:$6.000Z");
  return Number.isNaN(Date.parse(iso)) ? new Date(0).toISOString() : iso;
}

function getRunState(run: FoundRun, { holder, problem }: LockState): RunState {
  const { state } = run.reading;
  const isUnconfirmed = run.leases.some((lease) => lease.state.releaseUnconfirmed);
  if (holder !== undefined) return "active";
  if (problem !== undefined) return "unreadable";
  // Also where the note on it could not be written.
  if ((isUnconfirmed || state.outcome !== undefined) && listUnreleased(run).length > 0)
    return "release-unconfirmed";
  if (state.outcome !== undefined) return "over";
  return state.started ? "detached" : "interrupted";
}

async function readLastProgress(run: FoundRun): Promise<{ readonly phase: Phase } & EpochsSeen> {
  let phase: Phase = "plan";
  let epochs: EpochsSeen = {};
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
      epochs = addEpoch(epochs, event);
    }
  } catch {
    // No events yet, or none that can be read: the ledger has told the rest.
  }
  return { phase, ...epochs };
}

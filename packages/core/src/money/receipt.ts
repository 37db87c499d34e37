import { addEpoch, type EpochsSeen } from "../follow/epochs-seen.ts";
import { createPhaseTimes } from "../follow/phase-times.ts";
import { getOutputFolder } from "../output/get-output-folder.ts";
import type {
  AttemptReceipt,
  Outcome,
  PhaseTime,
  Plan,
  Quote,
  Receipt,
  Resource,
  SavedFile,
} from "../spec/index.ts";
import { isHeldBy } from "../state/lease-list.ts";
import { getLeaseStage, type LeaseState } from "../state/lease-state.ts";
import { listAttempts, type RunLeases, readRunLeases } from "./attempt-receipts.ts";
import { listPaidTimes, measureIdleTime, sumShares } from "./cost.ts";
import { splitCost } from "./cost-parts.ts";
import type { RecordedRun } from "./recorded-run.ts";

/** Creates the receipt from the ledger and the events alone, so that it is complete even if several processes drove the run. */
export async function createReceipt(run: RecordedRun, outcome: Outcome): Promise<Receipt> {
  const { plan, clock } = run;
  const { state } = run.ledger;
  const startedAt = state.startedAt ?? plan.createdAt;
  const endedAt = new Date(clock.now()).toISOString();
  const { phases, last, best } = await readPhasesAndEpochs(run, Date.parse(startedAt));
  const leases = await readRunLeases(run);
  const attempts = listAttempts(run, leases, endedAt);
  return {
    receiptVersion: "v1",
    runId: plan.runId,
    name: plan.name,
    outcome,
    ...(outcome === "stopped" ? { stoppedBy: state.stoppedBy ?? "user" } : {}),
    ...(state.error === undefined ? {} : { error: state.error }),
    job: run.sanitizer.maskText(plan.job),
    ...copySettings(plan),
    startedAt,
    endedAt,
    machine: plan.quote.machine,
    versions: { ...state.environment?.versions, ...plan.versions },
    phases,
    data: {
      digest: plan.data.digest,
      files: plan.data.files,
      bytes: plan.data.bytes,
      sentBytes: state.shipped?.sentBytes ?? 0,
      reusedBytes: state.shipped?.reusedBytes ?? 0,
    },
    ...(last === undefined
      ? {}
      : { epochs: { done: last.done, ...(last.total === undefined ? {} : { total: last.total }) } }),
    metrics: last?.metrics ?? {},
    ...(last?.score === undefined ? {} : { score: last.score }),
    ...(best === undefined ? {} : { best }),
    artifacts: state.artifacts ?? [],
    out: getOutputFolder(plan, state),
    ...getNextCommands(run, state.artifacts ?? []),
    attempts,
    lease: describeLeases(run, { leases, attempts, startedAt, endedAt, phases }),
    ...(state.moreArtifacts === undefined ? {} : { moreArtifacts: state.moreArtifacts }),
    ...(state.leftBehind === undefined ? {} : { leftBehind: state.leftBehind }),
  };
}

function getNextCommands(run: RecordedRun, artifacts: readonly SavedFile[]): Pick<Receipt, "nextCommands"> {
  const model = artifacts.find(({ role }) => role === "model")?.localPath;
  const { location } = run.plan.data;
  if (model === undefined) return {};
  try {
    const commands = run.framework.nextCommands?.({
      model,
      ...(location === undefined ? {} : { dataset: location }),
    });
    return commands === undefined || commands.length === 0
      ? {}
      : { nextCommands: commands.map(run.sanitizer.maskText) };
  } catch {
    // A run whose commands cannot be shown is over all the same.
    return {};
  }
}

/** Copies what identifies and repeats a run. Of variables it copies only the names, because a value may be secret. */
function copySettings({ settings, command, repeats, env, secrets }: Plan): Partial<Receipt> {
  const variables = [...Object.keys(env ?? {}), ...secrets];
  return {
    ...(settings === undefined ? {} : { settings }),
    ...(command === undefined ? {} : { command }),
    ...(repeats === undefined ? {} : { repeats }),
    ...(variables.length === 0 ? {} : { variables }),
  };
}

function describeLeases(
  run: RecordedRun,
  {
    leases,
    attempts,
    ...times
  }: {
    readonly leases: RunLeases;
    readonly attempts: readonly AttemptReceipt[];
    readonly startedAt: string;
    readonly endedAt: string;
    readonly phases: readonly PhaseTime[];
  },
): Receipt["lease"] {
  const { quote, runId } = run.plan;
  const { ownership } = run.provider;
  const [startMs, endMs] = [Date.parse(times.startedAt), Date.parse(times.endedAt)];
  const costUsd = sumShares(attempts);
  const states = [...leases.values()];
  const unconfirmed = states.filter((state) => isHeldBy({ state }, runId));
  const idle = measureIdleTime(states, { quote, runId });
  const base = {
    ownership,
    proofs: states.flatMap(({ proofs }) => proofs),
    unconfirmed: unconfirmed.flatMap(({ unreleased }) => unreleased),
    priceUsdPerHour: quote.priceUsdPerHour,
    ...(idle === undefined ? {} : { idle }),
    costUsd,
  };
  if (ownership === "borrowed") return { ...base, release: "nothing-paid", costs: [] };
  const since = (ms: number) => (ms - startMs) / 1000;
  return {
    ...base,
    ...describeRelease(base.unconfirmed, states),
    costs: splitCost({
      phases: times.phases,
      totalSeconds: since(endMs),
      paid: listPaidTimes(states, { quote, runId, nowMs: endMs }).map(({ fromMs, untilMs }) => ({
        from: since(fromMs),
        until: since(untilMs),
      })),
      quote,
      costUsd,
    }),
    unknownCosts: listUnknownCosts(quote),
  };
}

function describeRelease(
  unconfirmed: readonly Resource[],
  states: readonly LeaseState[],
): Pick<Receipt["lease"], "release" | "keepUntil"> {
  const { keepUntil } = states.find((lease) => getLeaseStage(lease) === "idle") ?? {};
  if (unconfirmed.length > 0) return { release: "release-unconfirmed" };
  return keepUntil === undefined ? { release: "released" } : { release: "kept", keepUntil };
}

function listUnknownCosts({
  upfrontUsd,
  otherUsdPerHour,
}: Quote): NonNullable<Receipt["lease"]["unknownCosts"]> {
  return [
    ...(upfrontUsd === "unknown" ? (["upfront"] as const) : []),
    ...(otherUsdPerHour === "unknown" ? (["other"] as const) : []),
  ];
}

async function readPhasesAndEpochs(
  run: RecordedRun,
  start: number,
): Promise<{ phases: PhaseTime[] } & EpochsSeen> {
  const times = createPhaseTimes(start);
  let epochs: EpochsSeen = {};
  for await (const event of run.events.readPast()) {
    times.add(event);
    epochs = addEpoch(epochs, event);
  }
  return { phases: times.list(), ...epochs };
}

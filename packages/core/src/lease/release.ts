import type { MachineAssembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import { type Provider, type Resource, type RunContext, UnitrainError } from "../spec/index.ts";
import type { LeaseEntryBody } from "../state/lease-entry.ts";
import { isSameResource } from "../state/lease-state.ts";
import type { Clock } from "../time/clock.ts";
import { settleWithin } from "../time/settle-within.ts";
import type { ActiveLease } from "./active-lease.ts";
import { getResources } from "./resources.ts";

/** In all; what is not confirmed by then is for `gc`. */
const releasePatienceMs = 10 * 60_000;
const releaseTimeoutMs = 3 * 60_000;
/** A key that was revoked does not come back, but one refusal may be a slip: so often in a row. */
const mostRefusals = 5;
/** A record on a disk that hangs is not waited for. */
const recordPatienceMs = 5_000;

/** What it takes to release a lease: its own lock is enough, no run is needed. */
export interface LeaseToRelease {
  /** The run that holds it, or held it last. */
  readonly runId: string;
  readonly lease: ActiveLease;
  readonly provider: Provider;
  readonly assembly: Pick<MachineAssembly, "boundary" | "sanitizer">;
  readonly clock: Clock;
  /** What the provider has confirmed gone in this process, also where that could not be written down. */
  readonly proven: Resource[];
  /** Says what the release waits for. */
  readonly showRelease: (message: string) => Promise<void>;
}

/** Until the provider confirms each resource gone, again and again; then, or when time is up, it is written down. */
export async function releaseLease(releasing: LeaseToRelease): Promise<void> {
  const { clock, lease, provider } = releasing;
  const begin = clock.now();
  let waitMs = 1_000;
  let reason = "";
  let refusals = 0;
  // What is proven gone is not asked for again, even when the proof cannot be written down.
  const listUnreleased = () => getResources(lease).filter((resource) => !isProven(releasing, resource));
  while (listUnreleased().length > 0) {
    const answer = await releaseOnce(releasing, listUnreleased());
    reason = answer.reason;
    refusals = answer.isRefused ? refusals + 1 : 0;
    if (listUnreleased().length === 0 || clock.now() - begin > releasePatienceMs || refusals >= mostRefusals)
      break;
    await releasing.showRelease(`${provider.name} has not confirmed yet: ${reason}`);
    await clock.wait(waitMs);
    waitMs = Math.min(waitMs * 2, 30_000);
  }
  const { unreleased } = lease.ledger.state;
  if (unreleased.length === 0) return;
  const unconfirmed = { type: "release-unconfirmed", resources: unreleased, reason } as const;
  await settleWithin(clock, recordPatienceMs, lease.ledger.note(unconfirmed));
}

/** Written down before anything is released; a disk that hangs must not hold that up. */
export async function noteReleasing({
  clock,
  lease,
}: Pick<LeaseToRelease, "clock" | "lease">): Promise<void> {
  await settleWithin(clock, recordPatienceMs, lease.ledger.append({ type: "releasing" }));
}

/** Whether the provider has confirmed in this process that it is gone; where that was written down, the ledger does not name it. */
export function isProven({ proven }: { readonly proven: readonly Resource[] }, resource: Resource): boolean {
  return proven.some((gone) => isSameResource(gone, resource));
}

interface ReleaseAttempt {
  /** Why something is left. */
  readonly reason: string;
  /** The provider does not take the key. */
  readonly isRefused: boolean;
}

/** One try. What is confirmed gone is added to `proven`. */
export async function releaseOnce(
  releasing: LeaseToRelease,
  resources: readonly Resource[],
): Promise<ReleaseAttempt> {
  const { assembly, provider } = releasing;
  const call = {
    phase: "teardown" as const,
    adapter: `${provider.name}.release`,
    timeoutMs: releaseTimeoutMs,
  };
  let reason = "no proof of it was given";
  try {
    const proofs = await callAdapter(assembly.boundary, call, ({ showStatus, ...context }) =>
      provider.release(resources, {
        ...context,
        ...createLeaseContext(releasing),
        showStatus: (message) => {
          reason = assembly.sanitizer.maskText(message);
          showStatus(message);
        },
      }),
    );
    for (const { resource } of proofs) releasing.proven.push(resource);
    // Names and ids stay as they are: a masked one could never be matched again.
    const masked = proofs.map((proof) => ({
      ...proof,
      evidence: assembly.sanitizer.maskText(proof.evidence),
    }));
    if (masked.length > 0) await appendWithin(releasing, { type: "released", proofs: masked });
    return { reason, isRefused: false };
  } catch (error) {
    const { code, hint = "", message } = assembly.sanitizer.maskError(error);
    const isRefused = code === "PROVIDER_ACCESS";
    return { reason: isRefused ? `${message} ${hint}`.trim() : message, isRefused };
  }
}

/** What turns a call's context into one of this lease's machine. */
export function createLeaseContext({
  runId,
  lease,
}: {
  readonly runId: string;
  readonly lease: ActiveLease;
}) {
  const { facts } = lease.ledger.state;
  return {
    runId,
    leaseId: lease.id,
    folder: lease.folder.keys,
    ...(facts === undefined ? {} : { workFolder: facts.workFolder }),
  } satisfies Partial<RunContext>;
}

/** A disk that hangs must not keep the rest from being released. */
async function appendWithin({ clock, lease }: LeaseToRelease, entry: LeaseEntryBody): Promise<void> {
  let failure: unknown = new UnitrainError("LEDGER_UNWRITABLE", "The disk of the ledger does not answer.");
  const written = lease.ledger.append(entry).then(
    () => {
      failure = undefined;
    },
    (error) => {
      failure = error;
    },
  );
  await settleWithin(clock, recordPatienceMs, written);
  if (failure !== undefined) throw failure;
}

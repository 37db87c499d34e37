import { type AdapterBoundary, callAdapter } from "../adapters/boundary.ts";
import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { type Provider, type Resource, type RunContext, UnitrainError } from "../spec/index.ts";
import type { LeaseEntryBody } from "../state/lease-entry.ts";
import { isSameResource } from "../state/lease-state.ts";
import type { Clock } from "../time/clock.ts";
import { settleWithin } from "../time/settle-within.ts";
import type { ActiveLease } from "./active-lease.ts";
import { getResources } from "./resources.ts";

/** Total time for a release. Resources that are not confirmed gone by then are left to `gc`. */
const releasePatienceMs = 10 * 60_000;
const releaseTimeoutMs = 3 * 60_000;
/** Consecutive refusals of the API key before giving up. A revoked key stays revoked, but a single refusal may be a glitch. */
const mostRefusals = 5;
/** How long to wait for a ledger entry to be written. A hanging disk must not delay a release. */
const recordPatienceMs = 5_000;

/** Everything needed to release a lease. The lease's own lock suffices; no run is needed. */
export interface LeaseToRelease {
  /** The run that holds the lease, or held it last. */
  readonly runId: string;
  readonly lease: ActiveLease;
  readonly provider: Provider;
  readonly boundary: AdapterBoundary;
  readonly sanitizer: OutputSanitizer;
  readonly clock: Clock;
  /** Resources that the provider has confirmed gone to this process, including confirmations that could not be recorded. */
  readonly proven: Resource[];
  /** Shows what the release is waiting for. */
  readonly showRelease: (message: string) => Promise<void>;
}

/** Retries until the provider confirms every resource gone. If the time or the retries run out, records which are unconfirmed. */
export async function releaseLease(releasing: LeaseToRelease): Promise<void> {
  const { clock, lease, provider } = releasing;
  const begin = clock.now();
  let waitMs = 1_000;
  let reason = "";
  let refusals = 0;
  // A resource that is confirmed gone is not requested again, even if the confirmation could not be recorded.
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

/** Records that the release begins. It waits only briefly, because a hanging disk must not delay the release. */
export async function recordReleasing({
  clock,
  lease,
}: Pick<LeaseToRelease, "clock" | "lease">): Promise<void> {
  await settleWithin(clock, recordPatienceMs, lease.ledger.append({ type: "releasing" }));
}

/** Whether the provider has confirmed to this process that the resource is gone. A recorded confirmation also removes it from the ledger. */
export function isProven({ proven }: { readonly proven: readonly Resource[] }, resource: Resource): boolean {
  return proven.some((gone) => isSameResource(gone, resource));
}

interface ReleaseAttempt {
  /** Why some resources are not confirmed gone. */
  readonly reason: string;
  /** Whether the provider refused the API key. */
  readonly isRefused: boolean;
}

/** Makes one attempt to release the resources, and adds those confirmed gone to `proven`. */
export async function releaseOnce(
  releasing: LeaseToRelease,
  resources: readonly Resource[],
): Promise<ReleaseAttempt> {
  const { boundary, sanitizer, provider } = releasing;
  const call = {
    phase: "teardown" as const,
    adapter: `${provider.name}.release`,
    timeoutMs: releaseTimeoutMs,
  };
  let reason = "it returned no proof of release";
  try {
    const proofs = await callAdapter(boundary, call, ({ showStatus, ...context }) =>
      provider.release(resources, {
        ...context,
        ...createLeaseContext(releasing),
        showStatus: (message) => {
          reason = sanitizer.maskMessage(message);
          showStatus(message);
        },
      }),
    );
    for (const { resource } of proofs) releasing.proven.push(resource);
    // Names and ids are not masked, because a masked one could not be matched to a resource later.
    const masked = proofs.map((proof) => ({
      ...proof,
      evidence: sanitizer.maskMessage(proof.evidence),
    }));
    if (masked.length > 0) await appendWithin(releasing, { type: "released", proofs: masked });
    return { reason, isRefused: false };
  } catch (error) {
    const { code, hint = "", message } = sanitizer.maskError(error);
    const isRefused = code === "PROVIDER_ACCESS";
    return { reason: isRefused ? `${message} ${hint}`.trim() : message, isRefused };
  }
}

/** Returns the fields that a call's context needs in addition for this lease's machine. */
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

/** Appends an entry with a time limit, because a hanging disk must not block the release of the remaining resources. */
async function appendWithin({ clock, lease }: LeaseToRelease, entry: LeaseEntryBody): Promise<void> {
  let failure: unknown = new UnitrainError(
    "LEDGER_UNWRITABLE",
    "Cannot write the ledger: its disk does not respond.",
  );
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

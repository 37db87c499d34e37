import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { ApiRequestContext } from "../api/client.ts";
import { explainFailures } from "../api/explain.ts";
import { listRegions, readReference } from "../names.ts";
import type { ParsedOptions } from "../options.ts";
import { type Account, createAccount } from "./account.ts";
import { createAddressOwner } from "./address-owner.ts";
import { noticeAddresses } from "./notice-addresses.ts";
import type { ReleaseOperation } from "./operation.ts";
import { releaseAddress } from "./release-address.ts";
import { releaseInstance } from "./release-instance.ts";
import { releaseKey } from "./release-key.ts";

/** With the last round, below core's own patience with one call, so that what was confirmed is told. */
const timeoutMs = 140_000;
/** Longer than anything was seen to take until it is listed (90 s). */
const settleMs = 120_000;
/** Of each call; a call that ends something gets twice as long. The next round is the retry. */
const attemptTimeoutMs = 10_000;

/**
 * Releases everything that it can, side by side. What the ledger has an id of is ended first, before anything is read.
 * Returns what is confirmed gone, and throws only when nothing is.
 */
export async function release(
  calls: Calls,
  options: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<readonly ReleaseProof[]> {
  const ourResources = resources.filter(({ onRelease }) => onRelease === "delete");
  const giveUpAt = options.now() + timeoutMs;
  const { signal, secret, wait } = context;
  const requestContext: ApiRequestContext = {
    signal,
    secret,
    wait,
    singleAttempt: { timeoutMs: attemptTimeoutMs },
  };
  const account = createAccount(calls, options, requestContext, giveUpAt);
  const owner = createAddressOwner(calls, ourResources);
  await noticeAddresses(ourResources, owner, requestContext);
  const results = await Promise.allSettled(
    ourResources.map(async (resource) => {
      const operation = await explainFailures("releasing", () =>
        prepare({ calls, context, requestContext, account, giveUpAt }, options, resource),
      );
      if (resource.kind === "instance") return releaseInstance(operation);
      if (resource.kind === "ssh-key") return releaseKey(operation);
      if (resource.kind === "address") return releaseAddress(operation, owner);
      throw unknownKindError(resource);
    }),
  );
  const proofs = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (proofs.length === 0 && failures.length > 0) throw failures[0];
  for (const failure of failures) if (failure instanceof Error) context.showStatus(failure.message);
  return proofs;
}

interface Common extends Pick<ReleaseOperation, "calls" | "context" | "requestContext" | "giveUpAt"> {
  readonly account: Account;
}

/** Reads nothing where the ledger says in which project and region it is. */
async function prepare(
  common: Common,
  { settings, now }: ParsedOptions,
  resource: Resource,
): Promise<ReleaseOperation> {
  if (!resource.name.startsWith("unitrain-")) throw unknownKindError(resource);
  const project = readReference(resource).project ?? settings.project ?? (await common.account.onlyProject());
  const recordedRegions = listRegions(resource);
  const regions = recordedRegions.length > 0 ? recordedRegions : await common.account.regions(project);
  const recordedAt = Date.parse(resource.recordedAt ?? "");
  const time = now();
  return {
    ...common,
    resource,
    project,
    regions,
    pollMs: settings.pollMs ?? 1_000,
    now,
    // A clock that was set back must not make it wait for hours.
    settledAt: Number.isNaN(recordedAt) ? time + settleMs : Math.min(recordedAt, time) + settleMs,
  };
}

function unknownKindError({ kind, name }: Resource): UnitrainError {
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `The ${kind} ${name} is nothing that unitrain rents at CanopyWave.`,
    {
      hint: "It is not touched. See the ledger of the run.",
    },
  );
}

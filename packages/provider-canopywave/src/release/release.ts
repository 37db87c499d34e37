import type { ApiRequestContext } from "@unitrain/core/http";
import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
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

/** With the last round below core's timeout of `release`, so that confirmed resources are returned. */
const timeoutMs = 140_000;
/** Longer than any observed delay until a resource is listed (90 s). */
const settleMs = 120_000;
/** Timeout of each call, twice as long for a call that ends something. The next round is the retry. */
const attemptTimeoutMs = 10_000;

/**
 * Releases all resources concurrently. Resources with an id in the ledger are ended before anything is read. Returns those that are
 * confirmed gone, and throws only when there are none.
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

/** Prepares the release of one resource. Reads nothing when project and region are in the ledger. */
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
    // With a clock that was set back, it must not wait for hours.
    settledAt: Number.isNaN(recordedAt) ? time + settleMs : Math.min(recordedAt, time) + settleMs,
  };
}

function unknownKindError({ kind, name }: Resource): UnitrainError {
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `Cannot release the ${kind} ${name}: unitrain does not rent such a resource at CanopyWave.`,
    {
      hint: "Check the ledger of the run. The resource is left alone.",
    },
  );
}

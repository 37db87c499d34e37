import { type ApiRequestContext, waitUntilGone } from "@unitrain/core/http";
import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import { confirmAccount } from "../account.ts";
import { api } from "../api/api.ts";
import type { Calls } from "../api/calls.ts";
import { toUnitrainError } from "../api/explain.ts";
import type { ParsedOptions } from "../options.ts";
import { createReleaseSteps } from "./release-pod.ts";

/** With the last round below core's timeout of `release`, so that confirmed resources are returned. */
const timeoutMs = 140_000;
/** Longer than a new pod can take to be listed. */
const settleMs = 120_000;
/** Timeout of each call, twice as long for a call that ends something. The next round is the retry. */
const attemptTimeoutMs = 10_000;
const defaultPollMs = 3_000;

/** Releases all pods concurrently. Returns those that are confirmed gone, and throws only when there are none. */
export async function release(
  calls: Calls,
  { settings, now }: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<readonly ReleaseProof[]> {
  const ourResources = resources.filter(({ onRelease }) => onRelease === "delete");
  const giveUpAt = now() + timeoutMs;
  const { signal, secret, wait } = context;
  const requestContext: ApiRequestContext = {
    signal,
    secret,
    wait,
    singleAttempt: { timeoutMs: attemptTimeoutMs },
  };
  const results = await Promise.allSettled(
    ourResources.map(async (resource) => {
      if (resource.kind !== "pod" || !resource.name.startsWith("unitrain-")) throw unknownKindError(resource);
      return waitUntilGone(
        {
          context,
          resource,
          cloud: api.cloud,
          toUnitrainError,
          confirmAccount: () => confirmAccount(calls, resource, requestContext),
          pollMs: settings.pollMs ?? defaultPollMs,
          now,
          giveUpAt,
        },
        createReleaseSteps({
          calls,
          context,
          requestContext,
          resource,
          now,
          settledAt: getSettledAt(resource, now()),
        }),
      );
    }),
  );
  const proofs = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (proofs.length === 0 && failures.length > 0) throw failures[0];
  for (const failure of failures) if (failure instanceof Error) context.showStatus(failure.message);
  return proofs;
}

/** From this time on, a requested pod that is not listed was never created. With a clock that was set back, it must not be hours away. */
function getSettledAt({ recordedAt = "" }: Resource, nowMs: number): number {
  const recordedAtMs = Date.parse(recordedAt);
  return (Number.isNaN(recordedAtMs) ? nowMs : Math.min(recordedAtMs, nowMs)) + settleMs;
}

function unknownKindError({ kind, name }: Resource): UnitrainError {
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `Cannot release the ${kind} ${name}: unitrain does not rent such a resource at RunPod.`,
    { hint: "Check the ledger of the run. The resource is left alone." },
  );
}

import {
  type ApiRequestContext,
  createInstanceReleaseSteps,
  type ReleaseSteps,
  waitUntilGone,
} from "@unitrain/core/http";
import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import { confirmAccount } from "../account.ts";
import { api } from "../api/api.ts";
import type { Calls } from "../api/calls.ts";
import { toUnitrainError } from "../api/explain.ts";
import { readReference, wasSeen } from "../names.ts";
import type { ParsedOptions } from "../options.ts";
import type { ReleaseOperation } from "./operation.ts";
import { createKeyReleaseSteps } from "./release-key.ts";

/** With the last round below core's timeout of `release`, so that confirmed resources are returned. */
const timeoutMs = 140_000;
/** Longer than a new resource can take to be listed. */
const settleMs = 120_000;
/** Timeout of each call, twice as long for a call that ends something. The next round is the retry. */
const attemptTimeoutMs = 10_000;
const defaultPollMs = 3_000;

/** Releases all resources concurrently. Returns those that are confirmed gone, and throws only when there are none. */
export async function release(
  calls: Calls,
  { settings, now }: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<readonly ReleaseProof[]> {
  const { signal, secret, wait } = context;
  const requestContext: ApiRequestContext = {
    signal,
    secret,
    wait,
    singleAttempt: { timeoutMs: attemptTimeoutMs },
  };
  const common = {
    context,
    cloud: api.cloud,
    toUnitrainError,
    pollMs: settings.pollMs ?? defaultPollMs,
    now,
    giveUpAt: now() + timeoutMs,
  };
  let isSameAccount = false;
  const ourResources = resources.filter(({ onRelease }) => onRelease === "delete");
  const results = await Promise.allSettled(
    ourResources.map(async (resource) => {
      const steps = createSteps({ calls, context, requestContext, resource, now });
      const confirm = async () => {
        // Seen once, it stays the same account when nothing of this lease can be seen any more.
        if (!isSameAccount) await confirmAccount(calls, resource, requestContext);
        isSameAccount = true;
      };
      return waitUntilGone({ ...common, resource, confirmAccount: confirm }, steps);
    }),
  );
  const proofs = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (proofs.length === 0 && failures.length > 0) throw failures[0];
  for (const failure of failures) if (failure instanceof Error) context.showStatus(failure.message);
  return proofs;
}

function createSteps(operation: ReleaseOperation): ReleaseSteps {
  const { calls, context, requestContext, resource, now } = operation;
  const settledAt = getSettledAt(resource, now());
  const wasNeverRequested = readReference(resource).asked === false && resource.id === undefined;
  if (!resource.name.startsWith("unitrain-")) throw unknownKindError(resource);
  if (resource.kind === "ssh-key") return createKeyReleaseSteps(operation, { settledAt, wasNeverRequested });
  if (resource.kind !== "instance") throw unknownKindError(resource);
  return createInstanceReleaseSteps({
    calls: {
      listCall: "GET /instances",
      describeCall: (id) => `GET /instances/${id}`,
      listIds: calls.listIds,
      async read(id, readContext) {
        const { name, status } = await calls.instance(id, readContext);
        return { name, status, isGone: status === "terminated", isEnding: status === "terminating" };
      },
      terminate: calls.terminate,
    },
    context,
    requestContext,
    resource,
    wasSeen: wasSeen(resource),
    wasNeverRequested,
    now,
    settledAt,
  });
}

/** With a clock that was set back, it must not be hours away. */
function getSettledAt({ recordedAt = "" }: Resource, nowMs: number): number {
  const recordedAtMs = Date.parse(recordedAt);
  return (Number.isNaN(recordedAtMs) ? nowMs : Math.min(recordedAtMs, nowMs)) + settleMs;
}

function unknownKindError({ kind, name }: Resource): UnitrainError {
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `Cannot release the ${kind} ${name}: unitrain does not rent such a resource at Lambda.`,
    { hint: "Check the ledger of the run. The resource is left alone." },
  );
}

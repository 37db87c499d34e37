import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { ApiRequestContext } from "../api/client.ts";
import { explained } from "../api/explain.ts";
import { referenceOf, regionsOf } from "../names.ts";
import type { ParsedOptions } from "../options.ts";
import { type Account, createAccount } from "./account.ts";
import { createAddressOwner } from "./address-owner.ts";
import { noticeAddresses } from "./notice-addresses.ts";
import type { ReleaseOperation } from "./operation.ts";
import { releaseAddress } from "./release-address.ts";
import { releaseInstance } from "./release-instance.ts";
import { releaseKey } from "./release-key.ts";

/** With the last round, below core's own patience with one call, so that what was confirmed is told. */
const patienceMs = 140_000;
/** Longer than anything was seen to take until it is listed (90 s). */
const settleMs = 120_000;
/** Of each call; a call that ends something gets twice as long. The next round is the retry. */
const attemptMs = 10_000;

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
  const ours = resources.filter(({ onRelease }) => onRelease === "delete");
  const until = options.now() + patienceMs;
  const { signal, secret, wait } = context;
  const requestContext: ApiRequestContext = { signal, secret, wait, once: { timeoutMs: attemptMs } };
  const account = createAccount(calls, options, requestContext, until);
  const owner = createAddressOwner(calls, ours);
  await noticeAddresses(ours, owner, requestContext);
  const results = await Promise.allSettled(
    ours.map(async (resource) => {
      const operation = await explained("releasing", () =>
        prepare({ calls, context, requestContext, account, until }, options, resource),
      );
      if (resource.kind === "instance") return releaseInstance(operation);
      if (resource.kind === "ssh-key") return releaseKey(operation);
      if (resource.kind === "address") return releaseAddress(operation, owner);
      throw unknownKind(resource);
    }),
  );
  const proofs = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (proofs.length === 0 && failures.length > 0) throw failures[0];
  for (const failure of failures) if (failure instanceof Error) context.showStatus(failure.message);
  return proofs;
}

interface Common extends Pick<ReleaseOperation, "calls" | "context" | "requestContext" | "until"> {
  readonly account: Account;
}

/** Reads nothing where the ledger says in which project and region it is. */
async function prepare(
  common: Common,
  { settings, now }: ParsedOptions,
  resource: Resource,
): Promise<ReleaseOperation> {
  if (!resource.name.startsWith("unitrain-")) throw unknownKind(resource);
  const project = referenceOf(resource).project ?? settings.project ?? (await common.account.onlyProject());
  const noted = regionsOf(resource);
  const regions = noted.length > 0 ? noted : await common.account.regions(project);
  const recorded = Date.parse(resource.recordedAt ?? "");
  const time = now();
  return {
    ...common,
    resource,
    project,
    regions,
    pollMs: settings.pollMs ?? 1_000,
    now,
    // A clock that was set back must not make it wait for hours.
    settledAt: Number.isNaN(recorded) ? time + settleMs : Math.min(recorded, time) + settleMs,
  };
}

function unknownKind({ kind, name }: Resource): UnitrainError {
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `The ${kind} ${name} is nothing that unitrain rents at CanopyWave.`,
    {
      hint: "It is not touched. See the ledger of the run.",
    },
  );
}

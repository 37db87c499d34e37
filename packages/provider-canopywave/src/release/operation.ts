import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { ApiRequestContext } from "../api/client.ts";
import { explain } from "../api/explain.ts";
import { ApiFailure, isStatus } from "../api/failure.ts";
import type { Account } from "./account.ts";

/** Most is gone within seconds; what is not is asked after less often. */
const soonRounds = 10;
const laterMs = 5_000;
/** A pause that the provider asks for is kept up to this long; then the cost is more than its displeasure. */
const longestPauseMs = 30_000;
/** Nobody needs to hear of what takes a moment. */
const quietRounds = 2;

/** Everything that releasing one resource needs. */
export interface ReleaseOperation {
  readonly calls: Calls;
  readonly context: RunContext;
  /** For every call of a round: one attempt, because the next round is the retry. */
  readonly requestContext: ApiRequestContext;
  readonly resource: Resource;
  readonly project: string;
  /** Where it may be. */
  readonly regions: readonly string[];
  readonly account: Account;
  readonly pollMs: number;
  readonly now: () => number;
  /** When this call gives up; core calls again. */
  readonly until: number;
  /** From then on, what was asked for and is not there never came to be. */
  readonly settledAt: number;
}

/** What was read in one round: gone, in the provider's words; or what is still waited for. */
export type Round = { readonly gone: string } | { readonly waitingFor: string };

/** One resource's way out. Each round calls `end`, then `prove`, whether `end` worked or not. */
export interface Ending {
  /** Sends what ends the cost, for all that is known to be ours. Reads nothing first. Returns whether anything is known. */
  end(): Promise<boolean>;
  /** Only reads, and says whether that proves the end. */
  prove(): Promise<Round>;
}

/**
 * Ends and proves in rounds, until it is proven or time is up. What CanopyWave fails to answer meanwhile is asked again
 * in the next round.
 */
export async function untilGone(operation: ReleaseOperation, { end, prove }: Ending): Promise<ReleaseProof> {
  const { account, context, now, resource, until } = operation;
  for (let rounds = 0; ; rounds += 1) {
    const ended = await settled(end());
    // Another account's key finds nothing of ours: what it does not see is not proof.
    const [seen, sees] = await Promise.all([settled(prove()), settled(account.sees(operation.project))]);
    const failures = [sees, ended, seen].flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
    for (const failure of failures) if (!(failure instanceof ApiFailure)) throw failure;
    const proven = seen.value !== undefined && "gone" in seen.value ? seen.value.gone : undefined;
    if (proven !== undefined && sees.failure === undefined) {
      return { resource, goneAt: new Date(now()).toISOString(), evidence: proven };
    }
    const refusal = failures.find((failure) => isStatus(failure, 401) || isStatus(failure, 403));
    if (refusal !== undefined) throw explain(refusal, `releasing ${resource.name}`);
    // What failed to end says more than what failed to be read.
    const failure = [ended, seen, sees]
      .map((result) => result.failure)
      .find((result) => result instanceof ApiFailure);
    if (rounds >= quietRounds) tell(operation, ended, failure);
    if (now() >= until) throw unconfirmed(resource, failure?.message ?? waitedFor(seen.value), failure);
    await context.wait(Math.min(waitMs(operation, rounds, failure), Math.max(1, until - now())));
  }
}

/** One short line for a screen: first whether the cost has ended, then what is missing. A free key is not worth one. */
function tell(
  { context, resource }: ReleaseOperation,
  ended: Settled<boolean>,
  failure: ApiFailure | undefined,
): void {
  const { kind } = resource;
  if (kind === "ssh-key") return;
  const done = kind === "instance" ? "terminated" : "removed";
  if (ended.failure !== undefined) context.showStatus(`${kind} not ${done} yet: ${shortly(failure)}`);
  else if (!ended.value)
    context.showStatus(`looking for the ${kind}: ${failure ? shortly(failure) : "it may appear late"}`);
  else
    context.showStatus(`${kind} ${done}, ${failure ? `unconfirmed: ${shortly(failure)}` : "not gone yet"}`);
}

function shortly(failure: ApiFailure | undefined): string {
  if (failure?.kind === "proxy") return failure.response;
  const status = failure?.kind === "answered" ? failure.status : undefined;
  return status === undefined ? "CanopyWave gives no usable answer" : `CanopyWave answers ${status}`;
}

type Settled<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: unknown };

async function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await promise };
  } catch (failure) {
    return { failure };
  }
}

function waitMs({ pollMs }: ReleaseOperation, rounds: number, failure: ApiFailure | undefined): number {
  const ownPaceMs = rounds < soonRounds ? pollMs : Math.max(pollMs, laterMs);
  return Math.max(ownPaceMs, Math.min(failure?.retryAfterMs ?? 0, longestPauseMs));
}

function waitedFor(seen: Round | undefined): string {
  return seen !== undefined && "waitingFor" in seen ? seen.waitingFor : "nothing was answered";
}

function unconfirmed(resource: Resource, waitingFor: string, cause?: ApiFailure): UnitrainError {
  const { kind, id, name } = resource;
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `CanopyWave has not confirmed that the ${kind} ${name}${id && id !== name ? ` (${id})` : ""} is gone: ${waitingFor}.`,
    {
      hint: "End it in CanopyWave's console, or release it again until it is.",
      action: { type: "release" },
      retryable: true,
      cause,
    },
  );
}

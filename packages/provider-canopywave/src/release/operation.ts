import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { ApiRequestContext } from "../api/client.ts";
import { toUnitrainError } from "../api/explain.ts";
import { ApiFailure, hasStatus } from "../api/failure.ts";
import type { Account } from "./account.ts";

/** Most is gone within seconds; what is not is asked after less often. */
const fastRounds = 10;
const slowPollMs = 5_000;
/** A pause that the provider asks for is kept up to this long; then the cost is more than its displeasure. */
const maxPauseMs = 30_000;
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
  readonly giveUpAt: number;
  /** From then on, what was asked for and is not there never came to be. */
  readonly settledAt: number;
}

/** What was read in one round: gone, in the provider's words; or what is still waited for. */
export type RoundResult = { readonly gone: string } | { readonly waitingFor: string };

/** One resource's way out. Each round calls `end`, then `prove`, whether `end` worked or not. */
export interface ReleaseSteps {
  /** Sends what ends the cost, for all that is known to be ours. Reads nothing first. Returns whether anything is known. */
  end(): Promise<boolean>;
  /** Only reads, and says whether that proves the end. */
  prove(): Promise<RoundResult>;
}

/**
 * Ends and proves in rounds, until it is proven or time is up. What CanopyWave fails to answer meanwhile is asked again
 * in the next round.
 */
export async function untilGone(
  operation: ReleaseOperation,
  { end, prove }: ReleaseSteps,
): Promise<ReleaseProof> {
  const { account, context, now, resource, giveUpAt: until } = operation;
  for (let rounds = 0; ; rounds += 1) {
    const endResult = await settle(end());
    // Another account's key finds nothing of ours: what it does not see is not proof.
    const [roundResult, projectSeen] = await Promise.all([
      settle(prove()),
      settle(account.confirmProject(operation.project)),
    ]);
    const failures = [projectSeen, endResult, roundResult].flatMap(({ failure }) =>
      failure === undefined ? [] : [failure],
    );
    for (const failure of failures) if (!(failure instanceof ApiFailure)) throw failure;
    const evidence =
      roundResult.value !== undefined && "gone" in roundResult.value ? roundResult.value.gone : undefined;
    if (evidence !== undefined && projectSeen.failure === undefined) {
      return { resource, goneAt: new Date(now()).toISOString(), evidence: evidence };
    }
    const refusal = failures.find((failure) => hasStatus(failure, 401) || hasStatus(failure, 403));
    if (refusal !== undefined) throw toUnitrainError(refusal, `releasing ${resource.name}`);
    // What failed to end says more than what failed to be read.
    const failure = [endResult, roundResult, projectSeen]
      .map((result) => result.failure)
      .find((result) => result instanceof ApiFailure);
    if (rounds >= quietRounds) showProgress(operation, endResult, failure);
    if (now() >= until)
      throw unconfirmedError(resource, failure?.message ?? describeWaiting(roundResult.value), failure);
    await context.wait(Math.min(getWaitMs(operation, rounds, failure), Math.max(1, until - now())));
  }
}

/** One short line for a screen: first whether the cost has ended, then what is missing. A free key is not worth one. */
function showProgress(
  { context, resource }: ReleaseOperation,
  endResult: Settled<boolean>,
  failure: ApiFailure | undefined,
): void {
  const { kind } = resource;
  if (kind === "ssh-key") return;
  const done = kind === "instance" ? "terminated" : "removed";
  if (endResult.failure !== undefined)
    context.showStatus(`${kind} not ${done} yet: ${describeFailure(failure)}`);
  else if (!endResult.value)
    context.showStatus(
      `looking for the ${kind}: ${failure ? describeFailure(failure) : "it may appear late"}`,
    );
  else
    context.showStatus(
      `${kind} ${done}, ${failure ? `unconfirmed: ${describeFailure(failure)}` : "not gone yet"}`,
    );
}

function describeFailure(failure: ApiFailure | undefined): string {
  if (failure?.kind === "proxy") return failure.response;
  const status = failure?.kind === "answered" ? failure.status : undefined;
  return status === undefined ? "CanopyWave gives no usable answer" : `CanopyWave answers ${status}`;
}

type Settled<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: unknown };

async function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await promise };
  } catch (failure) {
    return { failure };
  }
}

function getWaitMs({ pollMs }: ReleaseOperation, rounds: number, failure: ApiFailure | undefined): number {
  const pollPauseMs = rounds < fastRounds ? pollMs : Math.max(pollMs, slowPollMs);
  return Math.max(pollPauseMs, Math.min(failure?.retryAfterMs ?? 0, maxPauseMs));
}

function describeWaiting(roundResult: RoundResult | undefined): string {
  return roundResult !== undefined && "waitingFor" in roundResult
    ? roundResult.waitingFor
    : "nothing was answered";
}

function unconfirmedError(resource: Resource, waitingFor: string, cause?: ApiFailure): UnitrainError {
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

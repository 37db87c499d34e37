import { UnitrainError } from "@unitrain/core/spec";
import { findMessageMeaning } from "../api/explain.ts";
import { ApiFailure, isRefusal } from "../api/failure.ts";
import { type LeaseOperation, pause } from "./operation.ts";

/** Longer than anything was seen to take until it is listed (90 s). */
const lostAnswerWindowMs = 180_000;
/** The server answered, and says no; but not in a way that proves it. */
const unclearRefusalWindowMs = 15_000;
const pollMs = 5_000;

/** What a look found: it, or nothing yet, or that it must be seen once more. */
export type PollResult<T> = { readonly found: T } | "nothing" | "again";

/**
 * After an answer that was lost or invalid: looks until what was asked for is found, or until it is known not to exist.
 * Nothing is asked for twice before.
 *
 * @throws UnitrainError `PROVIDER_UNAVAILABLE`, when CanopyWave cannot be asked: it may exist, so nothing else is tried.
 */
export async function settleOutcome<T>(
  operation: LeaseOperation,
  failure: ApiFailure,
  poll: () => Promise<PollResult<T>>,
): Promise<T | undefined> {
  const windowMs = getWindowMs(failure);
  const startedAt = operation.now();
  if (windowMs > 0)
    operation.context.showStatus(`checking whether ${failure.call} took effect: ${failure.message}`);
  for (;;) {
    const pollResult = await tryPoll(poll);
    const elapsedMs = operation.now() - startedAt;
    if (typeof pollResult === "object" && "found" in pollResult) return pollResult.found;
    if (pollResult === "nothing" && elapsedMs >= windowMs) return undefined;
    if (pollResult instanceof ApiFailure && windowMs === 0) return undefined;
    if (pollResult instanceof ApiFailure && elapsedMs >= windowMs + lostAnswerWindowMs)
      throw unknownOutcomeError(failure, pollResult);
    await pause(operation, pollMs);
  }
}

/**
 * How long until it can be known that a call which failed so did nothing. Where its words end the renting anyway, giving
 * back does the rest of the looking.
 */
function getWindowMs(failure: ApiFailure): number {
  if (isRefusal(failure)) return 0;
  if (failure.kind !== "answered") return lostAnswerWindowMs;
  const { status = 0, response } = failure;
  if (status === 429 || status === 409) return unclearRefusalWindowMs;
  const meaning = findMessageMeaning(response);
  return meaning === undefined || meaning.code === "OUT_OF_STOCK"
    ? lostAnswerWindowMs
    : unclearRefusalWindowMs;
}

async function tryPoll<T>(poll: () => Promise<PollResult<T>>): Promise<PollResult<T> | ApiFailure> {
  try {
    return await poll();
  } catch (error) {
    if (error instanceof ApiFailure) return error;
    throw error;
  }
}

function unknownOutcomeError(failure: ApiFailure, pollResult: ApiFailure): UnitrainError {
  return new UnitrainError(
    "PROVIDER_UNAVAILABLE",
    `CanopyWave did not say whether ${failure.call} was done (${failure.message}), and cannot be asked (${pollResult.message}).`,
    {
      hint: "It is in the ledger and is released as soon as CanopyWave answers.",
      action: { type: "release" },
      retryable: true,
      cause: failure,
    },
  );
}

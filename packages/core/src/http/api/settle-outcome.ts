import { type LeaseContext, UnitrainError } from "../../spec/index.ts";
import type { ErrorExplainer } from "./explain.ts";
import { ApiFailure, isRefusal } from "./failure.ts";
import { pauseUntilStopped } from "./pause.ts";

/** Longer than any observed delay until a resource is listed (90 s). */
const lostAnswerWindowMs = 180_000;
/** For a refusal that does not prove that nothing was created. */
const unclearRefusalWindowMs = 15_000;
const pollMs = 5_000;

/** What `settleOutcome` needs of the provider. */
export interface SettlingOperation {
  readonly context: Pick<LeaseContext, "stopSignal" | "wait" | "showStatus">;
  readonly now: () => number;
  /** The name of the cloud. */
  readonly cloud: string;
  readonly findMessageMeaning: ErrorExplainer["findMessageMeaning"];
}

/** Result of one poll: found, nothing yet, or to be confirmed by another poll. */
export type PollResult<T> = { readonly found: T } | "nothing" | "again";

/**
 * Polls after a lost or invalid response until the resource is found, or until it is certain that it does not exist. The request must
 * not be repeated before that.
 *
 * @throws UnitrainError `PROVIDER_UNAVAILABLE` when the cloud cannot be read: the resource may exist, so nothing else is tried.
 */
export async function settleOutcome<T>(
  operation: SettlingOperation,
  failure: ApiFailure,
  poll: () => Promise<PollResult<T>>,
): Promise<T | undefined> {
  const windowMs = getWindowMs(operation, failure);
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
      throw unknownOutcomeError(operation.cloud, failure, pollResult);
    await pauseUntilStopped(operation.context, pollMs);
  }
}

/**
 * Returns how long to poll until it is certain that a failed call did nothing. When its message ends the renting anyway, a short time
 * is enough, because releasing looks again.
 */
function getWindowMs({ findMessageMeaning }: SettlingOperation, failure: ApiFailure): number {
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

function unknownOutcomeError(cloud: string, failure: ApiFailure, pollResult: ApiFailure): UnitrainError {
  return new UnitrainError(
    "PROVIDER_UNAVAILABLE",
    `Cannot tell whether ${failure.call} took effect: ${failure.message}, and ${cloud} cannot be read (${pollResult.message}).`,
    {
      hint: `Wait until ${cloud} answers, then release: the resource is in the ledger.`,
      action: { type: "release" },
      retryable: true,
      cause: failure,
    },
  );
}

import { type LeaseContext, UnitrainError } from "../../spec/index.ts";
import type { ErrorExplainer } from "./explain.ts";
import { ApiFailure, hasStatus, isRefusal, isTransient } from "./failure.ts";
import { pauseUntilStopped, stopWhenRequested } from "./pause.ts";
import { settleOutcome } from "./settle-outcome.ts";

const maxAttempts = 3;
const betweenAttemptsMs = 5_000;
const maxPauseMs = 120_000;
/** For this long, a 429 does not count as an attempt, because it is not a failure of the launch. */
const busyTimeoutMs = 5 * 60_000;

/** An instance that was launched. */
export interface LaunchedInstance {
  readonly id: string;
  /** The cloud listed it under our name. */
  readonly wasListed: boolean;
}

/** What launching an instance needs of the provider. */
export interface LaunchOperation {
  readonly context: LeaseContext;
  readonly now: () => number;
  /** The name of the cloud, and of the instance. */
  readonly cloud: string;
  readonly name: string;
  /** What is launched, for errors: `launching gpu_1x_a10 in us-east-1`. */
  readonly activity: string;
  readonly explainer: Pick<ErrorExplainer, "findMessageMeaning" | "toUnitrainError">;
  /** The pause before a launch is repeated, where the cloud names none. */
  readonly betweenAttemptsMs?: number;
  /** Sends the request, and returns the id. */
  launch(): Promise<string>;
  /** Lists the ids of all existing instances of our name. */
  listIds(): Promise<readonly string[]>;
  terminate(id: string): Promise<void>;
  /** Writes the instance to the ledger. */
  record(details: { readonly asked: boolean; readonly id?: string; readonly seen?: boolean }): Promise<void>;
}

/**
 * Launches exactly one instance, recorded before and after the request. A lost response is looked up by the name, and a second instance of
 * the same request is terminated.
 *
 * @throws UnitrainError, `OUT_OF_STOCK` only when it is certain that there is no instance.
 */
export async function launchOnce(operation: LaunchOperation): Promise<LaunchedInstance> {
  const { context, explainer, now } = operation;
  const startedAt = now();
  for (let attempt = 1; ; ) {
    stopWhenRequested(context);
    await operation.record({ asked: true });
    stopWhenRequested(context);
    const answer = await tryLaunch(operation);
    if ("id" in answer) {
      await operation.record({
        asked: true,
        id: answer.id,
        ...(answer.wasListed ? { seen: true } : {}),
      });
      return answer;
    }
    const { failure } = answer;
    const error = explainer.toUnitrainError(failure, operation.activity);
    const isWorthRetry =
      isTransient(failure) && UnitrainError.isInstance(error) && error.code === "PROVIDER_UNAVAILABLE";
    if (!isWorthRetry || attempt === maxAttempts) throw error;
    if (!hasStatus(failure, 429) || now() - startedAt > busyTimeoutMs) attempt += 1;
    context.showStatus(`nothing launched yet, retrying: ${failure.message}`);
    const pauseMs = failure.retryAfterMs ?? operation.betweenAttemptsMs ?? betweenAttemptsMs;
    await pauseUntilStopped(context, Math.min(pauseMs, maxPauseMs));
  }
}

async function tryLaunch(
  operation: LaunchOperation,
): Promise<LaunchedInstance | { readonly failure: ApiFailure }> {
  const { cloud, context, explainer, name, now } = operation;
  try {
    return { id: await operation.launch(), wasListed: false };
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) throw failure;
    const settling = { context, now, cloud, findMessageMeaning: explainer.findMessageMeaning };
    const found = await settleOutcome(settling, failure, async () => {
      const ids = await operation.listIds();
      return ids.length === 0 ? "nothing" : { found: ids };
    });
    const [id, ...others] = found ?? [];
    if (id !== undefined) {
      context.showStatus(`found ${name}: the launch took effect`);
      for (const other of others) await terminateDuplicate(operation, other);
      return { id, wasListed: true };
    }
    // It certainly does not exist, so releasing need not look for it.
    if (isRefusal(failure)) await operation.record({ asked: false });
    return { failure };
  }
}

/** Terminates a second instance of the same request at once, because it costs money too. */
async function terminateDuplicate(operation: LaunchOperation, id: string): Promise<void> {
  await operation.record({ asked: true, id, seen: true });
  try {
    await operation.terminate(id);
    operation.context.showStatus(`terminated ${id}, a second instance of the same launch`);
  } catch (failure) {
    // It is in the ledger, so releasing terminates it.
    if (!(failure instanceof ApiFailure)) throw failure;
  }
}

import {
  ApiFailure,
  hasStatus,
  isRefusal,
  isTransient,
  pauseUntilStopped,
  settleOutcome,
  stopWhenRequested,
} from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import { api } from "../api/api.ts";
import { findMessageMeaning, toUnitrainError } from "../api/explain.ts";
import { describePod } from "../names.ts";
import type { LeaseOperation } from "./operation.ts";
import { requestPod } from "./request-pod.ts";

const maxAttempts = 3;
const betweenAttemptsMs = 5_000;
const maxPauseMs = 120_000;
/** For this long, a 429 does not count as an attempt, because it is not a failure of the launch. */
const busyTimeoutMs = 5 * 60_000;

interface Launched {
  readonly id: string;
  readonly cost?: number | null | undefined;
  /** RunPod listed it under our name. */
  readonly seen: boolean;
}

/** Creates exactly one pod, recorded before and after the request. */
export async function launch(operation: LeaseOperation): Promise<Launched> {
  const { context, name, now, reference } = operation;
  const startedAt = now();
  for (let attempt = 1; ; ) {
    stopWhenRequested(context);
    await context.record(describePod(name, { ...reference, asked: true }));
    stopWhenRequested(context);
    const answer = await tryLaunch(operation);
    if ("id" in answer) {
      const { id, seen } = answer;
      await context.record(describePod(name, { ...reference, asked: true, id, ...(seen ? { seen } : {}) }));
      return answer;
    }
    const { failure } = answer;
    const error = toUnitrainError(failure, "creating the pod");
    const isWorthRetry =
      isTransient(failure) && UnitrainError.isInstance(error) && error.code === "PROVIDER_UNAVAILABLE";
    if (!isWorthRetry || attempt === maxAttempts) throw error;
    if (!hasStatus(failure, 429) || now() - startedAt > busyTimeoutMs) attempt += 1;
    context.showStatus(`no pod yet, retrying: ${failure.message}`);
    await pauseUntilStopped(context, Math.min(failure.retryAfterMs ?? betweenAttemptsMs, maxPauseMs));
  }
}

async function tryLaunch(operation: LeaseOperation): Promise<Launched | { readonly failure: ApiFailure }> {
  const { calls, context, name, now, reference } = operation;
  try {
    return { ...(await requestPod(operation)), seen: false };
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) throw failure;
    const settling = { context, now, cloud: api.cloud, findMessageMeaning };
    const found = await settleOutcome(settling, failure, async () => {
      const ours = (await calls.pods(context)).filter(
        (pod) => pod.name === name && pod.status.toUpperCase() !== "TERMINATED",
      );
      return ours.length === 0 ? "nothing" : { found: ours };
    });
    const [ours, ...others] = found ?? [];
    if (ours !== undefined) {
      context.showStatus(`found ${name}: the request took effect`);
      for (const { id } of others) await terminateDuplicate(operation, id);
      return { id: ours.id, seen: true };
    }
    // It certainly does not exist, so releasing need not look for it.
    if (isRefusal(failure)) await context.record(describePod(name, { ...reference, asked: false }));
    return { failure };
  }
}

/** Terminates a second pod of the same request at once, because it costs money too. */
async function terminateDuplicate(operation: LeaseOperation, id: string): Promise<void> {
  const { calls, context, name, reference } = operation;
  await context.record(describePod(name, { ...reference, asked: true, id, seen: true }));
  try {
    await calls.terminate(id, context);
    context.showStatus(`terminated ${id}, a second pod of the same request`);
  } catch (failure) {
    // It is in the ledger, so releasing terminates it.
    if (!(failure instanceof ApiFailure)) throw failure;
  }
}

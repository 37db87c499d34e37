import { randomBytes } from "node:crypto";
import { ApiFailure, hasStatus, isRefusal, isTransient } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import type { ListedInstance } from "../api/answers.ts";
import { toUnitrainError } from "../api/explain.ts";
import { describeResource, type LeaseOperation, pause, stopWhenRequested } from "./operation.ts";
import { settleOutcome } from "./settle-outcome.ts";

const maxAttempts = 3;
const betweenAttemptsMs = 5_000;
const maxPauseMs = 120_000;
/** For this long, a 429 does not count as an attempt, because it is not a failure of the launch. */
const busyTimeoutMs = 5 * 60_000;

export interface Launched {
  readonly id: string;
  /** The instance was found in the list under our name. */
  readonly lastIds?: boolean;
}

/** Launches exactly one instance. Returns its id, or "sold-out" when it is certain that there is no instance. */
export async function launch(operation: LeaseOperation): Promise<Launched | "sold-out"> {
  const { context } = operation;
  const startedAt = operation.now();
  for (let attempt = 1; ; ) {
    stopWhenRequested(operation);
    await context.record(describeResource(operation, "instance", {}));
    stopWhenRequested(operation);
    const answer = await requestInstance(operation);
    if ("id" in answer) {
      await context.record(
        describeResource(operation, "instance", { id: answer.id, ...(answer.lastIds ? { seen: true } : {}) }),
      );
      return answer;
    }
    const { failure } = answer;
    const error = toUnitrainError(
      failure,
      `launching ${operation.choice.flavor} in ${operation.place.region}`,
    );
    if (UnitrainError.isInstance(error) && error.code === "OUT_OF_STOCK") return "sold-out";
    const isTransientFailure =
      isTransient(failure) && UnitrainError.isInstance(error) && error.code === "PROVIDER_UNAVAILABLE";
    if (!isTransientFailure || attempt === maxAttempts) throw error;
    if (!hasStatus(failure, 429) || operation.now() - startedAt > busyTimeoutMs) attempt += 1;
    const waitMs = Math.min(failure.retryAfterMs ?? betweenAttemptsMs, maxPauseMs);
    context.showStatus(`nothing launched yet, retrying: ${failure.message}`);
    await pause(operation, waitMs);
  }
}

async function requestInstance(
  operation: LeaseOperation,
): Promise<Launched | { readonly failure: ApiFailure }> {
  const { calls, choice, context, name, place } = operation;
  try {
    const { flavor, image } = choice;
    const password = createThrowawayPassword(context.secret);
    return { id: await calls.launch({ ...place, name, flavor, image, password, keypair: name }, context) };
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) throw failure;
    const found = await settleOutcome(operation, failure, async () => {
      const ours = (await calls.instances(place.project, context)).filter(
        (instance) => instance.name === name,
      );
      const inRegion = ours.filter(({ region }) => (region ?? place.region) === place.region);
      return inRegion.length === 0 ? "nothing" : { found: { inRegion, all: ours } };
    });
    const [ours] = found?.inRegion ?? [];
    if (ours !== undefined) {
      context.showStatus(`found ${name}: the launch took effect`);
      for (const instance of found?.all ?? [])
        if (instance !== ours) await terminateDuplicate(operation, instance);
      return { id: ours.id, lastIds: true };
    }
    // It certainly does not exist, so releasing need not look for it, unless another region was tried before.
    if (isRefusal(failure) && operation.regions.length === 1) {
      await context.record(describeResource(operation, "instance", { asked: false }));
    }
    return { failure };
  }
}

/** Terminates a second instance of the same request at once, because it costs money too. */
async function terminateDuplicate(operation: LeaseOperation, { id, region }: ListedInstance): Promise<void> {
  const { calls, context } = operation;
  const place = { ...operation.place, ...(region ? { region } : {}) };
  await context.record(describeResource({ ...operation, place }, "instance", { id, seen: true }));
  try {
    await calls.terminate(place, id, context);
    context.showStatus(`terminated ${id}, a second instance of the same launch`);
  } catch (failure) {
    // It is in the ledger, so releasing terminates it.
    if (!(failure instanceof ApiFailure)) throw failure;
  }
}

/** Creates the password that the API requires. Nobody uses it, because the login is by key. */
function createThrowawayPassword(secret: (value: string) => void): string {
  const password = `${randomBytes(24).toString("base64url")}aA1!`;
  secret(password);
  return password;
}

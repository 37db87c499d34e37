import { randomBytes } from "node:crypto";
import { UnitrainError } from "@unitrain/core/spec";
import type { ListedInstance } from "../api/answers.ts";
import { toUnitrainError } from "../api/explain.ts";
import { ApiFailure, hasStatus, isRefusal, isTransient } from "../api/failure.ts";
import { describeResource, type LeaseOperation, pause, stopWhenRequested } from "./operation.ts";
import { settleOutcome } from "./settle-outcome.ts";

const maxAttempts = 3;
const betweenAttemptsMs = 5_000;
const maxPauseMs = 120_000;
/** Being asked for fewer requests is not a failure, so it does not count as an attempt for this long. */
const busyTimeoutMs = 5 * 60_000;

export interface Launched {
  readonly id: string;
  /** It was found in the list, under our name. */
  readonly lastIds?: boolean;
}

/** Launches one instance, and not two: answers its id, or "sold-out" where it is known that there is none. */
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
    context.showStatus(`nothing launched yet, trying again: ${failure.message}`);
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
      context.showStatus(`found ${name} all the same`);
      for (const instance of found?.all ?? [])
        if (instance !== ours) await terminateDuplicate(operation, instance);
      return { id: ours.id, lastIds: true };
    }
    // Known not to exist: then releasing need not look for it. Unless another region was asked before.
    if (isRefusal(failure) && operation.regions.length === 1) {
      await context.record(describeResource(operation, "instance", { asked: false }));
    }
    return { failure };
  }
}

/** One request made two: the second is paid for as well, so it does not wait for the end of the run. */
async function terminateDuplicate(operation: LeaseOperation, { id, region }: ListedInstance): Promise<void> {
  const { calls, context } = operation;
  const place = { ...operation.place, ...(region ? { region } : {}) };
  await context.record(describeResource({ ...operation, place }, "instance", { id, seen: true }));
  try {
    await calls.terminate(place, id, context);
    context.showStatus(`there was a second one, ${id}; it is ended`);
  } catch (failure) {
    // It is in the ledger: releasing ends it.
    if (!(failure instanceof ApiFailure)) throw failure;
  }
}

/** The API wants one; nobody will ever use it: the login is by key. */
function createThrowawayPassword(secret: (value: string) => void): string {
  const password = `${randomBytes(24).toString("base64url")}aA1!`;
  secret(password);
  return password;
}

import { formatMinutes, UnitrainError } from "@unitrain/core/spec";
import type { Server } from "../api/answers.ts";
import { findMessageMeaning } from "../api/explain.ts";
import { ApiFailure, hasStatus, isTransient } from "../api/failure.ts";
import type { Launched } from "./launch.ts";
import { describeResource, type LeaseOperation, pause } from "./operation.ts";

/** Observed are 1 to 3 minutes. */
const timeoutMs = 12 * 60_000;
/** A new one may not be found for a while; one that was there is gone sooner. */
const newMissingMs = 180_000;
const seenMissingMs = 30_000;
const endedStatuses = new Set(["DELETED", "TERMINATED", "SOFT_DELETED", "SHUTOFF", "STOPPED", "SUSPENDED"]);

/** Until the instance is ACTIVE. That it cannot be asked for a while says nothing of it. */
export async function waitUntilActive(
  operation: LeaseOperation,
  { id, lastIds: wasListed }: Launched,
): Promise<Server> {
  const { calls, context, now, place, pollMs } = operation;
  const startedAt = now();
  let lastState = "";
  let seen = wasListed ?? false;
  let missingSince: number | undefined;
  for (;;) {
    const outcome = await calls.instance(place, id, context).catch((error: unknown) => {
      if (error instanceof ApiFailure) return error;
      throw error;
    });
    missingSince = hasStatus(outcome, 404) ? (missingSince ?? now()) : undefined;
    if (missingSince !== undefined && now() - missingSince > (seen ? seenMissingMs : newMissingMs)) {
      throw endedAtBootError("404", id);
    }
    if (!(outcome instanceof ApiFailure)) {
      if (!seen) await confirmOurs(operation, outcome, id);
      seen = true;
      const status = outcome.status.toUpperCase();
      if (status === "ACTIVE") return outcome;
      if (status === "ERROR") throw bootFailedError(outcome, id);
      if (endedStatuses.has(status)) throw endedAtBootError(status, id);
    }
    const state = outcome instanceof ApiFailure ? outcome.message : outcome.status;
    if (state !== lastState) context.showStatus(`waiting for the instance: ${state}`);
    lastState = state;
    if (now() - startedAt > timeoutMs) throw notActiveError(id, outcome);
    await pause(operation, pollMs);
  }
}

/**
 * Notes that the id is ours, so that nothing needs to be read before it is terminated. An invalid answer to a launch may
 * name somebody else's instance: nothing is done to that one, and its id leaves the ledger.
 */
async function confirmOurs(operation: LeaseOperation, server: Server, id: string): Promise<void> {
  const { context, name } = operation;
  if (server.name === name) await context.record(describeResource(operation, "instance", { id, seen: true }));
  if (!server.name || server.name === name) return;
  await context.record(describeResource(operation, "instance", {}));
  throw new UnitrainError(
    "LEASE_FAILED",
    `CanopyWave answered the launch with ${id}, which is the instance ${server.name}.`,
    {
      hint: "That one is left alone; what was launched under our own name is released. Try again.",
      retryable: true,
    },
  );
}

function bootFailedError(server: Server, id: string): UnitrainError {
  const reason = server.fault?.message?.slice(0, 300).replace(/[.\s]+$/, "") ?? "no reason was told";
  const meaning = findMessageMeaning(reason);
  return new UnitrainError(meaning?.code ?? "LEASE_FAILED", `The instance ${id} failed at boot: ${reason}.`, {
    hint: meaning?.hint ?? "It is released. Try again, another region or another GPU.",
    action: meaning?.action,
    retryable: true,
  });
}

function endedAtBootError(status: string, id: string): UnitrainError {
  return new UnitrainError("LEASE_FAILED", `The instance ${id} became ${status} before it was ready.`, {
    hint: "Somebody or something at CanopyWave ended it; it is released. Try again.",
    retryable: true,
  });
}

function notActiveError(id: string, lastOutcome: Server | ApiFailure): UnitrainError {
  const unavailable = isTransient(lastOutcome);
  const state = lastOutcome instanceof ApiFailure ? lastOutcome.message : lastOutcome.status;
  return new UnitrainError(
    unavailable ? "PROVIDER_UNAVAILABLE" : "LEASE_FAILED",
    `The instance ${id} was not ACTIVE after ${formatMinutes(timeoutMs)}: ${state}.`,
    {
      hint: "It is released. Try again, or in another region.",
      retryable: true,
      cause: unavailable ? lastOutcome : undefined,
    },
  );
}

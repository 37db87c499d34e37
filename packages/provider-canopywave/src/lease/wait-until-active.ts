import { ApiFailure, hasStatus, isTransient } from "@unitrain/core/http";
import { formatMinutes, UnitrainError } from "@unitrain/core/spec";
import type { Server } from "../api/answers.ts";
import { findMessageMeaning } from "../api/explain.ts";
import type { Launched } from "./launch.ts";
import { describeResource, type LeaseOperation, pause } from "./operation.ts";

/** Observed: 1 to 3 minutes. */
const timeoutMs = 12 * 60_000;
/** How long an instance may be missing: a new one for longer than one that was seen. */
const newMissingMs = 180_000;
const seenMissingMs = 30_000;
const endedStatuses = new Set(["DELETED", "TERMINATED", "SOFT_DELETED", "SHUTOFF", "STOPPED", "SUSPENDED"]);

/** Waits until the instance is ACTIVE. Failures to read its state do not count against it. */
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
 * Records that the id is ours, so that it can be terminated without reading it first. An invalid response to a launch may contain the
 * id of somebody else's instance: that one is left alone, and its id is removed from the ledger.
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
      hint: "Try again. That instance is left alone, and anything launched under our own name is released.",
      retryable: true,
    },
  );
}

function bootFailedError(server: Server, id: string): UnitrainError {
  const reason = server.fault?.message?.slice(0, 300).replace(/[.\s]+$/, "") ?? "no reason given";
  const meaning = findMessageMeaning(reason);
  return new UnitrainError(meaning?.code ?? "LEASE_FAILED", `The instance ${id} failed at boot: ${reason}.`, {
    hint: meaning?.hint ?? "Try again, or choose another region or GPU. The instance is released.",
    action: meaning?.action,
    retryable: true,
  });
}

function endedAtBootError(status: string, id: string): UnitrainError {
  return new UnitrainError("LEASE_FAILED", `The instance ${id} became ${status} before it was ready.`, {
    hint: "Try again. Somebody or something at CanopyWave ended the instance; it is released.",
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
      hint: "Try again, or choose another region. The instance is released.",
      retryable: true,
      cause: unavailable ? lastOutcome : undefined,
    },
  );
}

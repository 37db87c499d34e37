import { ApiFailure, isTransient } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import { describeResource, type LeaseOperation, pause, stopWhenRequested } from "./operation.ts";

const maxAttempts = 4;
const betweenAttemptsMs = 3_000;

/** Registers the public key of the run. It can be repeated, because the name is unique and the list shows whether the key exists. */
export async function addKey(operation: LeaseOperation): Promise<void> {
  const { calls, context, name, place } = operation;
  const publicKey = requirePublicKey(operation);
  stopWhenRequested(operation);
  await context.record(describeResource(operation, "ssh-key", {}));
  for (let attempt = 1; ; attempt += 1) {
    stopWhenRequested(operation);
    try {
      await calls.addKey(place, name, publicKey, context);
      break;
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (await isRegistered(operation, publicKey)) break;
      if (!isTransient(error)) {
        await context.record(describeResource(operation, "ssh-key", { asked: operation.regions.length > 1 }));
        throw error;
      }
      if (attempt === maxAttempts) throw error;
      await pause(operation, Math.min(error.retryAfterMs ?? betweenAttemptsMs, 60_000));
    }
  }
  await context.record(describeResource(operation, "ssh-key", { id: name }));
}

async function isRegistered(
  { calls, context, name, place }: LeaseOperation,
  publicKey: string,
): Promise<boolean> {
  const keys = await calls.keys(place, context).catch((error: unknown) => {
    if (error instanceof ApiFailure) return [];
    throw error;
  });
  const found = keys.find((key) => key.name === name);
  if (found === undefined) return false;
  const readKeyBody = (key: string) => key.trim().split(/\s+/)[1];
  if (!found.public_key || readKeyBody(found.public_key) === readKeyBody(publicKey)) return true;
  throw new UnitrainError(
    "LEASE_FAILED",
    `Cannot register the key: CanopyWave has a different key under the name ${name}.`,
    {
      hint: "Remove it in CanopyWave's console. Only unitrain should create keys with this name.",
    },
  );
}

function requirePublicKey({ context }: LeaseOperation): string {
  if (context.publicKey !== undefined) return context.publicKey;
  throw new UnitrainError(
    "LEASE_FAILED",
    "Cannot rent a machine: the transport creates no SSH key, and CanopyWave's machines require one.",
    {
      hint: "Use the transport ssh().",
    },
  );
}

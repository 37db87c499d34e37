import {
  ApiFailure,
  isRefusal,
  isTransient,
  pauseUntilStopped,
  stopWhenRequested,
} from "@unitrain/core/http";
import { type LeaseContext, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import { describeResource } from "../names.ts";

const maxAttempts = 4;
const betweenAttemptsMs = 3_000;

/** Registers the public key of the lease. It can be repeated, because the list shows whether the key exists. */
export async function addKey(calls: Calls, name: string, context: LeaseContext): Promise<void> {
  const publicKey = requirePublicKey(context);
  const key = calls.getKeyFingerprint();
  const record = (details: { readonly asked: boolean; readonly id?: string }) =>
    context.record(describeResource("ssh-key", name, { ...details, key }));
  stopWhenRequested(context);
  await record({ asked: true });
  for (let attempt = 1; ; attempt += 1) {
    stopWhenRequested(context);
    try {
      return await record({ asked: true, id: await calls.addKey(name, publicKey, context) });
    } catch (failure) {
      if (!(failure instanceof ApiFailure)) throw failure;
      const id = await findRegistered(calls, name, publicKey, context);
      if (id !== undefined) return record({ asked: true, id });
      if (isRefusal(failure) && attempt === 1) await record({ asked: false });
      if (!isTransient(failure) || attempt === maxAttempts) throw failure;
      await pauseUntilStopped(context, Math.min(failure.retryAfterMs ?? betweenAttemptsMs, 60_000));
    }
  }
}

async function findRegistered(
  calls: Calls,
  name: string,
  publicKey: string,
  context: LeaseContext,
): Promise<string | undefined> {
  const keys = await calls.keys(context).catch((error: unknown) => {
    if (error instanceof ApiFailure) return [];
    throw error;
  });
  const found = keys.find((key) => key.name === name);
  if (found === undefined) return undefined;
  const readKeyBody = (key: string) => key.trim().split(/\s+/)[1];
  if (!found.public_key || readKeyBody(found.public_key) === readKeyBody(publicKey)) return found.id;
  throw new UnitrainError(
    "LEASE_FAILED",
    `Cannot register the key: Lambda has a different key under the name ${name}.`,
    { hint: "Remove it in Lambda's console. Only unitrain should create keys with this name." },
  );
}

function requirePublicKey({ publicKey }: LeaseContext): string {
  if (publicKey !== undefined) return publicKey;
  throw new UnitrainError(
    "LEASE_FAILED",
    "Cannot rent a machine: the transport creates no SSH key, and Lambda's machines require one.",
    { hint: "Use the transport ssh()." },
  );
}

import { Refusal } from "../../http/call.ts";
import type { Reply, ReplyHeaders } from "../../http/reply.ts";

/** Answers as version 2 does: the object itself, and lists under their name. */
export function createSuccess(payload: unknown): Reply {
  return { kind: "json", status: 200, body: Array.isArray(payload) ? { pods: payload } : payload };
}

/** Creates an error of RFC 9457. */
export function createFailure(status: number, detail: string, headers: ReplyHeaders = {}): Reply {
  return { kind: "json", status, body: { title: `Error ${status}`, status, detail }, headers };
}

/** GraphQL answers errors with the status 200. */
export function createGraphQlFailure(message: string): Reply {
  return { kind: "json", status: 200, body: { errors: [{ message }], data: null } };
}

export function createRefusal(status: number, detail: string): Refusal {
  return new Refusal(createFailure(status, detail));
}

export const outOfStock =
  "There are no longer any instances available with the requested specifications. Please refresh and try again.";
export const lowBalance = "Insufficient balance to start this pod. Please add credits.";

import { Refusal } from "../../http/call.ts";
import type { Reply, ReplyHeaders } from "../../http/reply.ts";

/** Wraps a successful result as the API does. */
export function createSuccess(payload: unknown): Reply {
  return { kind: "json", status: 200, body: { data: payload } };
}

/** Creates an error reply as the API does. */
export function createFailure(status: number, error: string, headers: ReplyHeaders = {}): Reply {
  return { kind: "json", status, body: { error }, headers };
}

/** Creates the error that a handler throws to refuse a request. */
export function createRefusal(status: number, message: string): Refusal {
  return new Refusal(createFailure(status, message));
}

import type { Reply, ReplyHeaders } from "../../http/reply.ts";

/** Wraps a successful result as the API does. */
export function createSuccess(payload: unknown): Reply {
  return { kind: "json", status: 200, body: { data: payload } };
}

/** Creates an error reply as the API does. */
export function createFailure(status: number, error: string, headers: ReplyHeaders = {}): Reply {
  return { kind: "json", status, body: { error }, headers };
}

/** Thrown by a handler to reply with an error. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(status: number, message: string) {
    super(message);
    this.reply = createFailure(status, message);
  }
}

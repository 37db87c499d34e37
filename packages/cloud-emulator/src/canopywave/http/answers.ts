import type { Reply, ReplyHeaders } from "../../http/reply.ts";

/** Success, as the API wraps it. */
export function createSuccess(payload: unknown): Reply {
  return { kind: "json", status: 200, body: { data: payload } };
}

/** Failure, as the API words it. */
export function createFailure(status: number, error: string, headers: ReplyHeaders = {}): Reply {
  return { kind: "json", status, body: { error }, headers };
}

/** Thrown by a call that refuses. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(status: number, message: string) {
    super(message);
    this.reply = createFailure(status, message);
  }
}

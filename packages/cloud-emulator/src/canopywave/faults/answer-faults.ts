import type { Reply } from "../../http/reply.ts";
import type { FaultKind } from "./kind.ts";

/** Errors in the other forms that were observed. */
export const answerFaults = {
  "error-as-message": {
    description: "400 with `message` in place of `error`",
    calls: "any",
    done: false,
    reply: () => createJsonReply(400, { message: "The request was refused (message)" }),
  },
  "error-as-detail": {
    description: "400 with `detail` in place of `error`",
    calls: "any",
    done: false,
    reply: () => createJsonReply(400, { detail: "The request was refused (detail)" }),
  },
  "error-as-msg": {
    description: "400 with `msg` in place of `error`",
    calls: "any",
    done: false,
    reply: () => createJsonReply(400, { msg: "The request was refused (msg)" }),
  },
} satisfies Record<string, FaultKind>;

function createJsonReply(status: number, body: unknown): Reply {
  return { kind: "json", status, body };
}

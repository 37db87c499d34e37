import { Refusal } from "../../http/call.ts";
import type { Reply, ReplyHeaders } from "../../http/reply.ts";

/** The codes that the specification gives for a status, where the failure has no code of its own. */
const codes: Readonly<Record<number, string>> = {
  400: "global/invalid-parameters",
  401: "global/invalid-api-key",
  403: "global/account-inactive",
  404: "global/object-does-not-exist",
  409: "global/conflict",
  500: "global/internal-error",
};

/** Wraps a successful result as the API does. */
export function createSuccess(payload: unknown): Reply {
  return { kind: "json", status: 200, body: { data: payload } };
}

/** Creates an error reply as the API does. */
export function createFailure(
  status: number,
  message: string,
  headers: ReplyHeaders = {},
  code = codes[status] ?? "global/unknown",
): Reply {
  return { kind: "json", status, body: { error: { code, message, suggestion: "See the docs." } }, headers };
}

/** Creates the error that a handler throws to refuse a request. */
export function createRefusal(status: number, code: string, message: string): Refusal {
  return new Refusal(createFailure(status, message, {}, code));
}

export function createMissingError(message: string): Refusal {
  return createRefusal(404, "global/object-does-not-exist", message);
}

export function createInvalidError(message: string): Refusal {
  return createRefusal(400, "global/invalid-parameters", message);
}

import { ApiFailure } from "./failure.ts";

/** What is used of a zod schema, so that a provider can bring its own version of zod. */
interface AnswerSchema<T> {
  safeParse(payload: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] };
      };
}

/**
 * Validates the payload of a response.
 *
 * @throws ApiFailure `invalid-response` when the payload does not match the schema.
 */
export function parseAnswer<T>(schema: AnswerSchema<T>, payload: unknown, call: string): T {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join(".") ?? "";
  throw new ApiFailure({
    kind: "invalid-response",
    call,
    response: `the response has an unexpected format${path === "" ? "" : ` (${path})`}`,
  });
}

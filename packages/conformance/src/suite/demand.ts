import assert, { AssertionError } from "node:assert/strict";

/** Fails the rule with these words unless the condition holds. The words say what was seen, and what to do about it. */
export function demand(condition: unknown, message: string): asserts condition {
  assert.ok(condition, message);
}

/** Returns the error of a failed rule: its id, what it demands, and what was seen. */
export function explainBrokenRule(
  rule: { readonly id: string; readonly demand: string },
  error: unknown,
): Error {
  const isExpected = error instanceof AssertionError;
  const seen = isExpected ? error.message : `The check could not be finished: ${describeError(error)}`;
  return new Error(`${rule.id}: ${seen}\nThe rule: ${rule.demand}`, { cause: error });
}

/** Returns an error in one line: its code, if it has one, and its message. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? `${code}: ${error.message}` : error.message;
}

/** Real time after which a call that waits for nothing counts as hanging. */
const hangsAfterMs = 20_000;

/** Waits for a call, and fails the rule if it never returns. */
export async function expectToSettle<T>(
  call: string,
  promise: Promise<T>,
  limitMs = hangsAfterMs,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new AssertionError({
            message: `${call} did not return within ${limitMs / 1000} seconds. Pass context.signal to every request and wait.`,
          }),
        ),
      limitMs,
    );
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The outcome of a call that may fail. */
export type Attempt<T> = { readonly value: T } | { readonly error: unknown };

/** Makes a call and returns its value or its error. An assertion is not the adapter's error, so it is thrown. */
export async function attempt<T>(call: string, promise: Promise<T>, limitMs?: number): Promise<Attempt<T>> {
  try {
    return { value: await expectToSettle(call, promise, limitMs) };
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return { error };
  }
}

/** Fails the rule with the error of a check that throws. */
export function demandNoError(check: () => void): void {
  try {
    check();
  } catch (error) {
    demand(false, describeError(error));
  }
}

/**
 * Runs steps side by side. When one fails the others are told to end, and waited for: nothing goes on behind the run's
 * back. The first error is thrown.
 */
export async function allOrAbort<One, Other>(
  signal: AbortSignal,
  steps: readonly [(signal: AbortSignal) => Promise<One>, (signal: AbortSignal) => Promise<Other>],
): Promise<[One, Other]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  let first: { readonly error: unknown } | undefined;
  const watched = <T>(step: (signal: AbortSignal) => Promise<T>) =>
    step(either).catch((error: unknown) => {
      first ??= { error };
      failed.abort(error);
      return undefined;
    });
  const results = await Promise.all([watched(steps[0]), watched(steps[1])]);
  if (first !== undefined) throw first.error;
  return results as [One, Other];
}

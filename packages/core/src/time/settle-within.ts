import type { Clock } from "./clock.ts";

/**
 * Resolves once `promise` has settled, or after `ms` milliseconds. Never rejects. Use it for writes that are worth waiting for but
 * must not delay the release of a machine.
 */
export async function settleWithin(clock: Clock, ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: { cancel(): void } | undefined;
  const timeIsUp = new Promise<void>((resolve) => {
    timer = clock.after(ms, resolve);
  });
  const settled = promise.then(
    () => {},
    () => {},
  );
  await Promise.race([settled, timeIsUp]);
  timer?.cancel();
}

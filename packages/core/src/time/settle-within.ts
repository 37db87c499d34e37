import type { Clock } from "./clock.ts";

/**
 * Resolves once `promise` has settled, or after `ms` at the latest. Never rejects: it is for records that are worth
 * waiting for, but that must not hold up what ends a cost.
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

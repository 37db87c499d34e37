import { formatSeconds, UnitrainError } from "../spec/index.ts";
import type { Clock } from "./clock.ts";

/** How long a call that was told to end may still take before it is left behind. */
const graceMs = 2_000;

export interface DeadlineOptions {
  readonly clock: Clock;
  /** Who is waited for, for the error: `plugin "pool", hook provision`. */
  readonly operation: string;
  readonly timeoutMs: number;
  /** Ends the call early, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `call` with a signal that ends at the deadline or with the given signal. A call that ignores its signal is left
 * behind after a short grace: one that hangs must never hang a run.
 */
export async function withDeadline<T>(
  options: DeadlineOptions,
  call: (signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const { clock, operation, timeoutMs, signal } = options;
  const controller = new AbortController();
  const end = (reason: unknown) => controller.abort(reason);
  const relay = () => end(signal?.reason);
  if (signal?.aborted) throw signal.reason;
  signal?.addEventListener("abort", relay, { once: true });
  const timer = clock.after(timeoutMs, () =>
    end(
      new UnitrainError("TIMED_OUT", `${operation} did not answer within ${formatSeconds(timeoutMs)}.`, {
        hint: "Try again; when it stays so, look at what it waits for.",
        retryable: true,
      }),
    ),
  );
  let grace: { cancel(): void } | undefined;
  const leftBehind = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener("abort", () => {
      grace = clock.after(graceMs, () => reject(controller.signal.reason));
    });
  });
  leftBehind.catch(() => {});
  try {
    return await Promise.race([(async () => await call(controller.signal))(), leftBehind]);
  } catch (error) {
    // An adapter that only says "aborted" says nothing: the reason is ours.
    throw controller.signal.aborted && !UnitrainError.isInstance(error) ? controller.signal.reason : error;
  } finally {
    timer.cancel();
    grace?.cancel();
    signal?.removeEventListener("abort", relay);
  }
}

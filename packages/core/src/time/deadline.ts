import { formatSeconds, UnitrainError } from "../spec/index.ts";
import type { Clock } from "./clock.ts";

/** How long a call may take to end after its signal has aborted. */
const graceMs = 2_000;

export interface DeadlineOptions {
  readonly clock: Clock;
  /** The subject of the error's sentence: `plugin "pool", hook provision`. */
  readonly operation: string;
  readonly timeoutMs: number;
  /** Ends the call before its deadline, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `call` with a signal that aborts at the deadline, or when `options.signal` aborts. A call that ignores its signal is abandoned
 * after 2 seconds, because a call that hangs must not block a run.
 *
 * @throws UnitrainError `TIMED_OUT` at the deadline.
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
        hint: "Try again. If it happens again, find out what it is waiting for.",
        retryable: true,
      }),
    ),
  );
  let grace: { cancel(): void } | undefined;
  const abandoned = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener("abort", () => {
      grace = clock.after(graceMs, () => reject(controller.signal.reason));
    });
  });
  abandoned.catch(() => {});
  try {
    return await Promise.race([(async () => await call(controller.signal))(), abandoned]);
  } catch (error) {
    // The reason of the abort says more than the "aborted" that an adapter throws.
    throw controller.signal.aborted && !UnitrainError.isInstance(error) ? controller.signal.reason : error;
  } finally {
    timer.cancel();
    grace?.cancel();
    signal?.removeEventListener("abort", relay);
  }
}

import { cancelledError, connectionLostError } from "./failures.ts";

/**
 * Passes a stream on, and rejects with `CONNECTION_LOST` when nothing comes for `silenceMs` while the reader waits. A reader that takes
 * long over a part is not the machine's fault.
 */
export async function* withSilenceTimeout<T>(
  stream: AsyncIterable<T>,
  silenceMs: number,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const parts = stream[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await nextWithin(parts.next(), silenceMs, signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a stream that is silent does not end by being told to.
    void parts.return?.().catch(() => {});
  }
}

async function nextWithin<T>(
  next: Promise<IteratorResult<T>>,
  silenceMs: number,
  signal: AbortSignal,
): Promise<IteratorResult<T>> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const silence = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(cancelledError(signal));
    timer = setTimeout(
      () =>
        reject(
          connectionLostError(`Nothing was heard from the machine for ${Math.round(silenceMs / 1000)} s`),
        ),
      silenceMs,
    );
    signal.addEventListener("abort", onAbort, { once: true });
  });
  next.catch(() => {});
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

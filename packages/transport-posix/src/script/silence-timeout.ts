import { cancelledError, connectionLostError } from "./failures.ts";

/**
 * Yields the items of a stream, and throws `CONNECTION_LOST` when nothing arrives for `silenceMs` while the reader waits. The time
 * that the reader takes for an item does not count.
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
    // Not awaited, because a silent stream may never finish.
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
      () => reject(connectionLostError(`The machine sent nothing for ${Math.round(silenceMs / 1000)} s`)),
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

/** A file system that is gone (a dead network mount) never answers; no call of ours waits for it longer than this. */
const fileSystemTimeoutMs = 10_000;

/** Resolves as `call` does; rejects when it has not settled in time. The call itself cannot be ended and is left behind. */
export async function withinFileSystemTimeout<T>(
  call: Promise<T>,
  timeoutMs = fileSystemTimeoutMs,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The file system did not answer within ${timeoutMs / 1000} s`;
      reject(Object.assign(new Error(message), { code: "ETIMEDOUT" }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([call, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

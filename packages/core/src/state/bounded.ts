/** How long to wait for the file system. A dead network mount never responds. */
const fileSystemTimeoutMs = 10_000;

/** Resolves like `call`, but rejects if it has not settled in time. The call itself cannot be cancelled and stays pending. */
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

/**
 * For the guardian's own process: an error that nobody awaited (a connection that broke, an adapter's timer) is reported once
 * and does not end the process, because nobody else looks after the runs that it guards.
 */
export function surviveErrors(showStatus: (message: string) => void): void {
  const reported = new Set<string>();
  const report = (error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (reported.has(message) || reported.size >= mostReported) return;
    reported.add(message);
    showStatus(`unexpected error, guarding goes on: ${message}`);
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}

const mostReported = 100;

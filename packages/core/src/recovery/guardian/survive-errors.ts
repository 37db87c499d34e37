/**
 * Reports uncaught errors of the guardian's own process once and keeps it running. Such an error may come from a broken connection
 * or an adapter's timer, and no other process drives the runs that the guardian guards.
 */
export function surviveErrors(showStatus: (message: string) => void): void {
  const reported = new Set<string>();
  const report = (error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (reported.has(message) || reported.size >= mostReported) return;
    reported.add(message);
    showStatus(`unexpected error, the guardian continues: ${message}`);
  };
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
}

const mostReported = 100;

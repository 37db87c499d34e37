import { emit, type Reporter } from "../../../journal/reporter.ts";

const reportIntervalMs = 250;

/** The progress of the whole download across all its files. */
export interface DownloadProgress {
  /** Reports how many bytes of the file have been downloaded. */
  at(path: string, bytes: number): void;
  /** Reports that the file was handled. It counts in full even if it was not downloaded. */
  done(path: string, sizeBytes: number): void;
}

export function createProgress(run: Reporter, totalBytes: number): DownloadProgress {
  let doneBytes = 0;
  let highest = 0;
  let lastReportMs = Number.NEGATIVE_INFINITY;
  const emitProgress = (path: string, bytes: number, isLast: boolean) => {
    // Downloading a file again does not lower the percentage.
    highest = Math.min(totalBytes, Math.max(highest, bytes));
    if (!isLast && run.clock.now() - lastReportMs < reportIntervalMs) return;
    lastReportMs = run.clock.now();
    void emit(run, { type: "download", path, bytes: highest, totalBytes });
  };
  return {
    at: (path, bytes) => emitProgress(path, doneBytes + bytes, false),
    done(path, sizeBytes) {
      doneBytes += sizeBytes;
      emitProgress(path, doneBytes, doneBytes >= totalBytes);
    },
  };
}

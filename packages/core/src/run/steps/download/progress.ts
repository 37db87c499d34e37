import { type ActiveRun, emit } from "../../active-run.ts";

const tellEveryMs = 250;

/** One percentage for the whole download, whatever it is made of. */
export interface DownloadProgress {
  /** So much of this file is here. */
  at(path: string, bytes: number): void;
  /** This file is done with, downloaded or not: it counts in full. */
  done(path: string, sizeBytes: number): void;
}

export function createProgress(run: ActiveRun, totalBytes: number): DownloadProgress {
  let doneBytes = 0;
  let highest = 0;
  let lastReportMs = Number.NEGATIVE_INFINITY;
  const tell = (path: string, bytes: number, isLast: boolean) => {
    // A file that is downloaded again does not turn the percentage back.
    highest = Math.min(totalBytes, Math.max(highest, bytes));
    if (!isLast && run.clock.now() - lastReportMs < tellEveryMs) return;
    lastReportMs = run.clock.now();
    void emit(run, { type: "download", path, bytes: highest, totalBytes });
  };
  return {
    at: (path, bytes) => tell(path, doneBytes + bytes, false),
    done(path, sizeBytes) {
      doneBytes += sizeBytes;
      tell(path, doneBytes, doneBytes >= totalBytes);
    },
  };
}

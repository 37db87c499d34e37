import { appendFile, stat, truncate, writeFile } from "node:fs/promises";
import { createLogTail } from "../../../follow/log-tail.ts";
import { emit, type Reporter } from "../../../journal/reporter.ts";
import type { OutputSanitizer } from "../../../sanitize/output-sanitizer.ts";
import type { Sanitizer } from "../../../sanitize/sanitizer.ts";
import { isMissingOrPlain } from "../../../state/read-plain-file.ts";
import type { RunFolder } from "../../../state/run-folder.ts";

const statusIntervalMs = 1_000;
/** The maximum size of the log file. The end of the output, which explains a failure, is kept in memory as well. */
const largestFileBytes = 16 * 1024 * 1024;

/** The output of an installation. It is stored masked in the run's folder, and its newest line is shown at most once a second. */
export interface InstallLog {
  /** Starts the log again from its beginning. Each connection does so, because the log is short. */
  begin(): Promise<void>;
  add(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Returns the end of the output, masked. */
  tail(): string;
  /** Returns the size of the file in bytes. */
  size(): number;
}

/** What it takes to keep and show the output of an installation. */
export type LoggedInstallation = Reporter & {
  readonly sanitizer: OutputSanitizer;
  readonly folder: Pick<RunFolder, "environmentLog">;
};

/** Creates the log. The file's first `offset` bytes belong to an earlier step and are kept. */
export function createInstallLog(run: LoggedInstallation, offset = 0): InstallLog {
  let tail = createLogTail();
  let sanitizer: Sanitizer = run.sanitizer.createStream(0);
  let keptBytes = 0;
  let isKept = false;
  let shownAt = Number.NEGATIVE_INFINITY;

  /** Appends to the file. Errors are ignored, because a full local disk must not end a remote installation. */
  const appendToFile = async (bytes: Uint8Array) => {
    if (!isKept || keptBytes + bytes.length > largestFileBytes) return;
    keptBytes += bytes.length;
    await appendFile(run.folder.environmentLog, bytes, { mode: 0o600 }).catch(() => {});
  };
  const append = async (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    await appendToFile(bytes);
    tail.add(Buffer.from(bytes).toString("utf8"));
  };

  return {
    async begin() {
      tail = createLogTail();
      sanitizer = run.sanitizer.createStream(0);
      isKept = await isMissingOrPlain(run.folder.environmentLog);
      keptBytes = isKept ? await truncateFile(run.folder.environmentLog, offset) : 0;
    },
    async add(bytes) {
      await append(sanitizer.write(bytes));
      const message = tail.getNewestLine();
      if (message === undefined || run.clock.now() - shownAt < statusIntervalMs) return;
      shownAt = run.clock.now();
      await emit(run, { type: "status", phase: "environment", message });
    },
    async end() {
      await append(sanitizer.end());
    },
    tail: () => tail.getText(),
    size: () => keptBytes,
  };
}

/** Truncates the file and returns its new size. */
async function truncateFile(path: string, size: number): Promise<number> {
  const kept = Math.min(size, (await stat(path).catch(() => ({ size: 0 }))).size);
  const emptied = kept === 0 ? writeFile(path, "", { mode: 0o600 }) : truncate(path, kept);
  return emptied.then(
    () => kept,
    () => 0,
  );
}

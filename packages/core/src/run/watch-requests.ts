import { rm } from "node:fs/promises";
import type { StopOptions } from "../api/run.ts";
import { servePulls } from "../follow/pull-request.ts";
import { readStopRequest } from "../follow/stop-request.ts";
import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import type { SavedFile } from "../spec/index.ts";
import { readPlainFile } from "../state/read-plain-file.ts";
import type { RunFolder } from "../state/run-folder.ts";

const requestPollMs = 500;

export interface WatchRequestsOptions {
  readonly folder: Pick<RunFolder, "stopRequest" | "requests">;
  readonly sanitizer: OutputSanitizer;
  readonly stop: (options: StopOptions) => void;
  readonly pull: () => Promise<readonly SavedFile[]>;
}

/** Serves requests from other processes. They are files, so that they work from any process and survive a crash of either side. */
export function watchRequests({ folder, sanitizer, stop, pull }: WatchRequestsOptions) {
  const createReport = (error: unknown) => sanitizer.maskError(error).toJSON();
  let isPolling = false;
  const poll = async () => {
    if (isPolling) return;
    isPolling = true;
    try {
      const text = await readPlainFile(folder.stopRequest).catch(() => undefined);
      if (text !== undefined) {
        await rm(folder.stopRequest, { force: true });
        stop(readStopRequest(text));
      }
      await servePulls(folder.requests, pull, createReport);
    } catch {
      // The disk could not be read or written; the next poll tries again.
    }
    isPolling = false;
  };
  const timer = setInterval(() => void poll(), requestPollMs).unref();
  return { cancel: () => clearInterval(timer) };
}

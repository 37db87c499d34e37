import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { getJobState } from "./job-state.ts";
import type { JobLauncher } from "./launcher.ts";

const defaultPollMs = 15_000;

/**
 * Polls the state of a job while its log is followed, when a launcher runs jobs on other computers. The end that a launcher reports
 * is recorded in a file, which ends the following once the log is read.
 */
export function watchQueue(
  machine: ConnectedMachine,
  jobId: string,
  launchers: readonly JobLauncher[],
  { showStatus, wasNeverStarted }: Pick<CallContext, "showStatus"> & { readonly wasNeverStarted: () => void },
): { cancel(): void } {
  const cancellation = new AbortController();
  const { signal } = cancellation;
  const queueLaunchers = launchers.filter(({ getState }) => getState !== undefined);
  const pollMs = Math.min(...queueLaunchers.map((launcher) => launcher.pollMs ?? defaultPollMs));
  const pollState = async () => {
    let lastDetail = "";
    while (!signal.aborted) {
      // A failed poll is repeated; a lost connection is noticed by the loop that follows the log.
      const job = await getJobState(machine, jobId, launchers, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (job?.state === "never-started") return wasNeverStarted();
      if (job?.state === "ended" || job?.state === "lost" || job?.state === "rebooted") return;
      const detail = job !== undefined && "detail" in job ? job.detail : "";
      if (detail !== "" && detail !== lastDetail)
        showStatus(job?.state === "waiting" ? `waiting: ${detail}` : detail);
      lastDetail = detail;
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
  };
  if (queueLaunchers.length > 0) void pollState();
  return { cancel: () => cancellation.abort() };
}

import { join } from "node:path";

/** The files of one run on this computer. Only this module knows how they are called. */
export interface RunFolder {
  /** The state folder that it is in. */
  readonly home: string;
  readonly path: string;
  readonly ledger: string;
  readonly events: string;
  /** The training's log, masked. */
  readonly log: string;
  /** `{ raw, local }` beside it. */
  readonly logOffsets: string;
  /** What the installation of the environment printed, masked. */
  readonly environmentLog: string;
  readonly receipt: string;
  /** What lists show of a run that is over: a cache. */
  readonly summary: string;
  /** Where results go when the user's output folder cannot be written any more. */
  readonly results: string;
  readonly lock: string;
  /** Present when another process asked the controller to stop. */
  readonly stopRequest: string;
  /** Where another process asks the controller for a download, and finds the answer. */
  readonly requests: string;
  /** Where the keys of its lease are, if the two share a ledger; see `sharedLeaseFolder`. */
  readonly leases: string;
}

export function runFolder(home: string, runId: string): RunFolder {
  const path = join(home, "runs", runId);
  return {
    home,
    path,
    ledger: join(path, "ledger.jsonl"),
    events: join(path, "events.jsonl"),
    log: join(path, "training.log"),
    logOffsets: join(path, "training.log.offsets"),
    environmentLog: join(path, "environment.log"),
    receipt: join(path, "receipt.json"),
    summary: join(path, "summary.json"),
    results: join(path, "results"),
    lock: join(path, "controller.lock"),
    stopRequest: join(path, "stop-requested"),
    requests: join(path, "requests"),
    leases: join(path, "leases"),
  };
}

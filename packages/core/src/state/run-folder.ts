import { join } from "node:path";

/** The paths of one run's files on this computer. Only this module knows their names. */
export interface RunFolder {
  /** The state folder that it is in. */
  readonly home: string;
  readonly path: string;
  readonly ledger: string;
  readonly events: string;
  /** The training's log, masked. */
  readonly log: string;
  /** The log's offsets, `{ raw, local }`. */
  readonly logOffsets: string;
  /** The output of the environment's installation, masked. */
  readonly environmentLog: string;
  readonly receipt: string;
  /** A cache of what lists show about a finished run. */
  readonly summary: string;
  /** The folder for results when the user's output folder can no longer be written. */
  readonly results: string;
  readonly lock: string;
  /** The file with which another process asks the controller to stop. */
  readonly stopRequest: string;
  /** The folder in which another process asks the controller for a download and finds the response. */
  readonly requests: string;
  /** The keys of the run's lease, if the two share a ledger. See `sharedLeaseFolder`. */
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

import { type SavedFile, UnitrainError } from "../spec/index.ts";
import { settleWithin } from "../time/settle-within.ts";
import { downloadArtifacts, type SavingOutputRun } from "./steps/download-artifacts.ts";

/** How long to wait for a cancelled download, because a write to this computer's disk cannot be aborted. */
const endPatienceMs = 5_000;

/** Downloads during a run. Only one runs at a time, and never during the download at the end. */
export interface Pulls {
  /** Downloads the files that exist now. Once the training has ended, resolves with the files of the download at the end. */
  pull(): Promise<readonly SavedFile[]>;
  /** Cancels a running pull, because two downloads would write the same files and a late one would find the run's files closed. */
  end(): Promise<void>;
}

/** Creates the run's downloads. `runIsOver` resolves when this process no longer drives the run. */
export function createPulls(run: () => SavingOutputRun, runIsOver: () => Promise<void>): Pulls {
  const ended = new AbortController();
  let running: Promise<readonly SavedFile[]> | undefined;
  let downloading: Promise<readonly SavedFile[]> | undefined;

  const download = async () => {
    const { ledger, detachSignal } = run();
    if (!ended.signal.aborted) {
      try {
        downloading = downloadNow(run(), AbortSignal.any([detachSignal, ended.signal]));
        return await downloading;
      } catch (error) {
        if (!ended.signal.aborted || detachSignal.aborted) throw error;
      }
    }
    await runIsOver();
    const { artifacts } = ledger.state;
    if (artifacts !== undefined) return artifacts;
    throw new UnitrainError("NOT_AVAILABLE", "Nothing was downloaded: the run is over.");
  };
  return {
    pull() {
      running ??= download().finally(() => {
        running = undefined;
      });
      return running;
    },
    async end() {
      const { clock } = run();
      ended.abort(new UnitrainError("CANCELLED", "The download at the end of the run takes over."));
      if (downloading !== undefined) await settleWithin(clock, endPatienceMs, downloading);
    },
  };
}

async function downloadNow(run: SavingOutputRun, signal: AbortSignal): Promise<readonly SavedFile[]> {
  const { starting, artifacts } = run.ledger.state;
  if (artifacts !== undefined) return artifacts;
  if (starting === undefined) {
    throw new UnitrainError(
      "NOT_AVAILABLE",
      "The training has not started: there is nothing to download yet.",
    );
  }
  const downloaded = await downloadArtifacts(run, starting.input, {
    logTail: "",
    signal,
    modelOptional: true,
    purpose: "pull",
  });
  return downloaded.artifacts;
}

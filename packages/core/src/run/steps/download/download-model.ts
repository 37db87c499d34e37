import { emit } from "../../../journal/reporter.ts";
import { UnitrainError } from "../../../spec/index.ts";
import type { Download } from "./active-download.ts";
import { downloadFile } from "./download-file.ts";
import { isOfThisFile } from "./is-of-this-file.ts";
import { shownName } from "./local-name.ts";
import type { PlannedFile } from "./plan-download.ts";

/** How many times a model is tried during the training, because one that is being written is complete a moment later. */
const triesWhileTraining = 3;
const betweenTriesMs = 1_000;

/** Downloads the best complete model. A checkpoint is incomplete if the training ended while writing it. */
export async function downloadModel(
  download: Download,
  models: readonly PlannedFile[],
  isOptional: boolean,
): Promise<PlannedFile | undefined> {
  let firstError: unknown;
  const incomplete: string[] = [];
  for (const planned of models) {
    try {
      if (await isDownloaded(download, planned)) {
        noteInsteadOf(download, planned, incomplete);
        return planned;
      }
      incomplete.push(planned.path);
      download.settled.add(planned.path);
    } catch (error) {
      if (!isOfThisFile(error, download.signal)) throw error;
      firstError ??= error;
      const { message } = download.run.sanitizer.maskError(error);
      await emit(download.run, { type: "warning", phase: "download", message });
    }
  }
  if (firstError !== undefined && !download.isTraining) throw firstError;
  if (models.length === 0 || isOptional) return undefined;
  throw createIncompleteModelsError(download, models);
}

/** Records for the receipt which better models were incomplete, to explain why this one was downloaded. */
function noteInsteadOf(download: Download, { path }: PlannedFile, incomplete: readonly string[]): void {
  const index = download.saved.findIndex((file) => file.role === "model" && file.path === path);
  const saved = download.saved[index];
  if (saved !== undefined && incomplete.length > 0)
    download.saved[index] = { ...saved, insteadOf: incomplete };
}

async function isDownloaded(download: Download, planned: PlannedFile): Promise<boolean> {
  const { isTraining, run, signal } = download;
  for (let triesLeft = isTraining ? triesWhileTraining : 1; ; triesLeft -= 1) {
    if ((await downloadFile(download, planned, "model")) !== "incomplete") return true;
    if (triesLeft <= 1) return false;
    await run.clock.wait(betweenTriesMs, signal);
  }
}

function createIncompleteModelsError({ run }: Download, models: readonly PlannedFile[]): UnitrainError {
  const names = models.map(({ file }) => shownName(file.path)).join(", ");
  const message =
    models.length === 1
      ? `The only model found is incomplete: ${names}.`
      : `All ${models.length} models found are incomplete: ${names}.`;
  const { framework } = run;
  return new UnitrainError("ARTIFACT_DAMAGED", message, {
    hint: framework.artifacts.hint,
    phase: "download",
    adapter: framework.name,
  });
}

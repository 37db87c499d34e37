import { formatBytes, formatCount, type Receipt } from "@unitrain/core/spec";
import { formatDuration } from "./format/duration.ts";
import type { RunView } from "./run-view.ts";

/** How long one phase of a run took, and what is worth knowing of it. */
export interface PhaseRow {
  readonly phase: string;
  readonly seconds: number;
  readonly remark: string;
}

/**
 * Lists the phases of a run that has ended in the order in which they happen, one row for each, also when it came more than once: in
 * several processes, or for a pull in between. Those that are too short to be worth a row are left out; the receipt has them.
 */
export function listPhases(view: RunView, receipt: Receipt): PhaseRow[] {
  const sums = new Map<string, number>();
  for (const { phase, seconds } of receipt.phases) sums.set(phase, (sums.get(phase) ?? 0) + seconds);
  return [...sums]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .filter(([phase, seconds]) => seconds >= 0.05 && !quiet.has(phase))
    .map(([phase, seconds]) => ({
      phase,
      seconds: phase === "train" ? trainingSeconds(seconds, view) : seconds,
      remark: remark(phase, view, receipt),
    }));
}

/** Whether the upload and the installation of the environment went on at the same time. */
export function isUploadOverlapping({ phases }: Pick<Receipt, "phases">): boolean {
  const ship = phases.find(({ phase }) => phase === "ship");
  const environment = phases.find(({ phase }) => phase === "environment");
  return (
    ship !== undefined &&
    environment !== undefined &&
    environment.startedSeconds < ship.startedSeconds + ship.seconds
  );
}

const order = ["lease", "connect", "ship", "environment", "start", "train", "locate", "download", "teardown"];

const quiet = new Set(["start", "locate"]);

/** A training that changed hands is longer than the part that its last process saw. */
function trainingSeconds(seconds: number, { jobStartedAt, jobEndedAt, hasChangedHands }: RunView): number {
  if (!hasChangedHands || jobStartedAt === undefined || jobEndedAt === undefined) return seconds;
  return (jobEndedAt - jobStartedAt) / 1000;
}

function remark(phase: string, view: RunView, receipt: Receipt): string {
  if (phase === "ship") {
    const { files, sentBytes, reusedBytes } = receipt.data;
    if (sentBytes === 0)
      return `${formatCount(files, "file")}, ${formatBytes(reusedBytes)}, all there already`;
    const reusedText = reusedBytes === 0 ? "" : `, ${formatBytes(reusedBytes)} there already`;
    return `${formatCount(files, "file")}, ${formatBytes(sentBytes)} copied${reusedText}`;
  }
  const done = receipt.epochs?.done ?? 0;
  if (phase !== "train" || done === 0) return "";
  if (view.hasChangedHands) return "until its end was noticed: it was detached";
  const { unit = "epoch", secondsPerEpoch } = view.progress ?? {};
  return `${formatCount(done, unit)}${secondsPerEpoch === undefined ? "" : `, about ${formatDuration(secondsPerEpoch)} each`}`;
}

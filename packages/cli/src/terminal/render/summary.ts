import type { Receipt, SavedFile } from "@unitrain/core";
import {
  calculateDuration,
  type Figure,
  findBestEpoch,
  findDecidingFigure,
  formatBytes,
  formatCount,
  formatDuration,
  formatPhaseName,
  isUploadOverlapping,
  listPhases,
  listScores,
  type Metrics,
  type RunView,
} from "@unitrain/view";
import { renderEpochs } from "./epoch-table.ts";
import { type Line, styled, withLabel } from "./line.ts";
import { renderCosts, renderRelease, renderUnknownCosts } from "./rented-summary.ts";
import { shortenPath } from "./short-path.ts";
import { renderTable } from "./table.ts";

/** Renders the result of a run: epochs, the location of the model, the duration of each phase, and the cost. */
export function renderSummary(
  view: RunView,
  receipt: Receipt,
  out: string,
  folder: string,
  width: number,
): Line[] {
  return [
    ...addEmptyLine(renderEpochs(view, width)),
    ...renderHeadline(view, receipt, width),
    ...renderModel(receipt, out, folder, width),
    ...renderNextCommands(receipt),
    [],
    ...(receipt.lease.ownership === "rented"
      ? [
          ...renderCosts(view, receipt, width),
          ...renderUnknownCosts(receipt, width),
          ...renderRelease(receipt, width),
        ]
      : [
          ...renderPhases(view, receipt, width),
          ...withLabel(styled("bold", "Cost"), "nothing: a machine of your own", labelWidth, width),
        ]),
  ];
}

const labelWidth = 9;

function renderHeadline(view: RunView, receipt: Receipt, width: number): Line[] {
  const word = { completed: "Done", stopped: "Stopped", "training-failed": "Failed", failed: "Failed" }[
    receipt.outcome
  ];
  const style = receipt.outcome === "completed" ? "green" : receipt.outcome === "stopped" ? "yellow" : "red";
  const { epochs } = receipt;
  const unit = view.progress?.unit ?? "epoch";
  const done =
    epochs === undefined
      ? ""
      : `${epochs.done}${epochs.total === undefined ? "" : `/${epochs.total}`} ${unit}s`;
  const best = findBestEpoch(view);
  const scores =
    best === undefined
      ? ""
      : `, best ${best.epoch}: ${listDecidingFigures(best.metrics, view)
          .map(({ label, text }) => `${label} ${text}`)
          .join("  ")}`;
  const limit = receipt.stoppedBy === "limit" ? "   by its limit" : "";
  return withLabel(
    styled(style, word),
    `${receipt.name}   ${done}${scores}${limit}`.trimEnd(),
    labelWidth,
    width,
  );
}

/** Lists the scores of an epoch, or else the figure that decides which epoch is best. */
function listDecidingFigures(metrics: Metrics, { plan }: RunView): readonly Figure[] {
  const scores = listScores(metrics, plan?.metrics);
  const deciding = findDecidingFigure(metrics, plan?.metrics);
  return scores.length > 0 || deciding === undefined ? scores : [deciding];
}

function renderModel(receipt: Receipt, out: string, folder: string, width: number): Line[] {
  const field = (label: string, text: string) => withLabel(styled("bold", label), text, labelWidth, width);
  const model = receipt.artifacts.find((file) => file.role === "model");
  const others =
    receipt.artifacts.length + (receipt.moreArtifacts?.files ?? 0) - (model === undefined ? 0 : 1);
  const remainingText = describeNotDownloaded(receipt);
  const notInstalled = remainingText === undefined ? [] : field("Missing", remainingText);
  const beside =
    others === 0
      ? []
      : field("Beside", `${describeOtherFiles(others, model)} in ${shortenPath(out, folder)}`);
  if (model === undefined) return [...field("Model", "none was downloaded"), ...beside, ...notInstalled];
  const { sha256 } = model;
  const digest = sha256.length + labelWidth + 7 <= width ? sha256 : `${sha256.slice(0, 12)}…`;
  return [
    ...field("Model", `${shortenPath(model.localPath, folder)}   ${formatBytes(model.sizeBytes)}`),
    [" ".repeat(labelWidth), styled("dim", "sha256 "), digest],
    ...(model.insteadOf ?? []).map((path) => [
      " ".repeat(labelWidth),
      styled("yellow", `${path} was incomplete on the machine: this is the best one that is complete`),
    ]),
    ...beside,
    ...notInstalled,
  ];
}

/** Renders commands without wrapping them, so that they can be copied. */
function renderNextCommands({ nextCommands = [] }: Receipt): Line[] {
  return nextCommands.map((command, index) => [
    index === 0 ? styled("bold", "Next".padEnd(labelWidth)) : " ".repeat(labelWidth),
    command,
  ]);
}

/** Describes the files that were not downloaded. The warnings have listed them. */
function describeNotDownloaded({ leftBehind, lease }: Receipt): string | undefined {
  if (leftBehind === undefined) return undefined;
  const location = lease.ownership === "rented" ? "lost with the machine" : "still on the machine";
  return `${formatCount(leftBehind.files, "file")}, ${formatBytes(leftBehind.bytes)}: ${location}`;
}

function describeOtherFiles(others: number, model: SavedFile | undefined): string {
  return `${formatCount(others, model === undefined ? "file" : "more file")} and receipt.json`;
}

function renderPhases(view: RunView, receipt: Receipt, width: number): Line[] {
  const rows = listPhases(view, receipt).map(({ phase, seconds, remark }) => ({
    cells: [formatPhaseName(phase), formatDuration(seconds), remark],
  }));
  if (rows.length === 0) return [];
  const overlap = isUploadOverlapping(receipt) ? "upload and environment at the same time" : "";
  return renderTable(
    [
      { head: "PHASE", align: "left" },
      { head: "TIME", align: "right" },
      { head: "", align: "left", givesWay: 1, shrinksTo: 16 },
    ],
    [...rows, { cells: ["total", formatDuration(calculateDuration(receipt)), overlap], style: "bold" }],
    width,
  );
}

function addEmptyLine(lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [...lines, []];
}

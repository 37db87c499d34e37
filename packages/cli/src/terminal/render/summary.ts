import type { Receipt, SavedFile } from "@unitrain/core";
import { formatBytes } from "@unitrain/core/spec";
import { bestEpoch, counted, duration, phaseName, type RunView, scoresIn } from "@unitrain/view";
import { cleanAll } from "./clean.ts";
import { epochTable } from "./epoch-table.ts";
import { type Line, labelled, styled } from "./line.ts";
import { costTable, releaseLines, unknownCostLines } from "./rented-summary.ts";
import { shortPath } from "./short-path.ts";
import { table } from "./table.ts";

/** All that is worth knowing once a run is over: epochs, where the model lies, what took how long, what it cost. */
export function summaryLines(
  view: RunView,
  unsafeReceipt: Receipt,
  out: string,
  folder: string,
  width: number,
): Line[] {
  const receipt = cleanAll(unsafeReceipt);
  return [
    ...parted(epochTable(view, width)),
    ...headline(view, receipt, width),
    ...modelLines(receipt, out, folder, width),
    ...nextLines(receipt),
    [],
    ...(receipt.lease.ownership === "rented"
      ? [
          ...costTable(view, receipt, width),
          ...unknownCostLines(receipt, width),
          ...releaseLines(receipt, width),
        ]
      : [
          ...phaseTable(view, receipt, width),
          ...labelled(styled("bold", "Cost"), "nothing: a machine of your own", labelWidth, width),
        ]),
  ];
}

const labelWidth = 9;

function headline(view: RunView, receipt: Receipt, width: number): Line[] {
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
  const best = bestEpoch(view);
  const scores =
    best === undefined
      ? ""
      : `, best ${best.epoch}: ${scoresIn(best.metrics)
          .map(({ label, text }) => `${label} ${text}`)
          .join("  ")}`;
  const limit = receipt.stoppedBy === "limit" ? "   by its limit" : "";
  return labelled(
    styled(style, word),
    `${receipt.name}   ${done}${scores}${limit}`.trimEnd(),
    labelWidth,
    width,
  );
}

function modelLines(receipt: Receipt, out: string, folder: string, width: number): Line[] {
  const field = (label: string, text: string) => labelled(styled("bold", label), text, labelWidth, width);
  const model = receipt.artifacts.find((file) => file.role === "model");
  const others =
    receipt.artifacts.length + (receipt.moreArtifacts?.files ?? 0) - (model === undefined ? 0 : 1);
  const remainingText = notDownloadedText(receipt);
  const notInstalled = remainingText === undefined ? [] : field("Not here", remainingText);
  const beside =
    others === 0 ? [] : field("Beside", `${besideIt(others, model)} in ${shortPath(out, folder)}`);
  if (model === undefined) return [...field("Model", "none was downloaded"), ...beside, ...notInstalled];
  const { sha256 } = model;
  const digest = sha256.length + labelWidth + 7 <= width ? sha256 : `${sha256.slice(0, 12)}…`;
  return [
    ...field("Model", `${shortPath(model.localPath, folder)}   ${formatBytes(model.sizeBytes)}`),
    [" ".repeat(labelWidth), styled("dim", "sha256 "), digest],
    ...(model.insteadOf ?? []).map((path) => [
      " ".repeat(labelWidth),
      styled("yellow", `${path} was incomplete on the machine: this is the best one that is complete`),
    ]),
    ...beside,
    ...notInstalled,
  ];
}

/** Never broken: they are there to be copied. */
function nextLines({ nextCommands = [] }: Receipt): Line[] {
  return nextCommands.map((command, index) => [
    index === 0 ? styled("bold", "Next".padEnd(labelWidth)) : " ".repeat(labelWidth),
    command,
  ]);
}

/** What was not downloaded; the warnings have named it. */
function notDownloadedText({ leftBehind, lease }: Receipt): string | undefined {
  if (leftBehind === undefined) return undefined;
  const location = lease.ownership === "rented" ? "lost with the machine" : "still on the machine";
  return `${counted(leftBehind.files, "file")}, ${formatBytes(leftBehind.bytes)}: ${location}`;
}

function besideIt(others: number, model: SavedFile | undefined): string {
  return `${counted(others, model === undefined ? "file" : "more file")} and receipt.json`;
}

function phaseTable(view: RunView, receipt: Receipt, width: number): Line[] {
  const seconds = (Date.parse(receipt.endedAt) - Date.parse(receipt.startedAt)) / 1000;
  const rows = summedUp(receipt.phases)
    .filter((phase) => phase.seconds >= 0.05 && !quiet.has(phase.phase))
    .map((phase) => ({
      cells: [phaseName(phase.phase), duration(secondsOf(phase, view)), remark(phase, view, receipt)],
    }));
  if (rows.length === 0) return [];
  return table(
    [
      { head: "PHASE", align: "left" },
      { head: "TIME", align: "right" },
      { head: "", align: "left", givesWay: 1, shrinksTo: 16 },
    ],
    [...rows, { cells: ["total", duration(seconds), overlap(receipt)], style: "bold" }],
    width,
  );
}

/** One row for each phase, also when it came more than once: in several processes, or for a pull in between. */
function summedUp(phases: Receipt["phases"]): Receipt["phases"] {
  const sums = new Map<string, Receipt["phases"][number]>();
  for (const phaseTime of phases) {
    const before = sums.get(phaseTime.phase);
    sums.set(
      phaseTime.phase,
      before === undefined ? phaseTime : { ...before, seconds: before.seconds + phaseTime.seconds },
    );
  }
  return [...sums.values()].sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
}

const order = ["lease", "connect", "ship", "environment", "start", "train", "locate", "download", "teardown"];

/** Too short to be worth a line; the receipt on disk has them. */
const quiet = new Set(["start", "locate"]);

/** A training that changed hands is longer than the part that its last process saw. */
function secondsOf({ phase, seconds }: Receipt["phases"][number], view: RunView): number {
  const { jobStartedAt, jobEndedAt, hasChangedHands } = view;
  if (phase !== "train" || !hasChangedHands || jobStartedAt === undefined || jobEndedAt === undefined)
    return seconds;
  return (jobEndedAt - jobStartedAt) / 1000;
}

function remark({ phase }: Receipt["phases"][number], view: RunView, receipt: Receipt): string {
  if (phase === "ship") {
    const { files, sentBytes, reusedBytes } = receipt.data;
    if (sentBytes === 0) return `${counted(files, "file")}, ${formatBytes(reusedBytes)}, all there already`;
    const reusedText = reusedBytes === 0 ? "" : `, ${formatBytes(reusedBytes)} there already`;
    return `${counted(files, "file")}, ${formatBytes(sentBytes)} copied${reusedText}`;
  }
  const done = receipt.epochs?.done ?? 0;
  if (phase !== "train" || done === 0) return "";
  if (view.hasChangedHands) return "until its end was noticed: it was detached";
  const { unit = "epoch", secondsPerEpoch } = view.progress ?? {};
  return `${counted(done, unit)}${secondsPerEpoch === undefined ? "" : `, about ${duration(secondsPerEpoch)} each`}`;
}

function overlap(receipt: Receipt): string {
  const ship = receipt.phases.find(({ phase }) => phase === "ship");
  const environment = receipt.phases.find(({ phase }) => phase === "environment");
  const beside =
    ship !== undefined &&
    environment !== undefined &&
    environment.startedSeconds < ship.startedSeconds + ship.seconds;
  return beside ? "upload and environment at the same time" : "";
}

function parted(lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [...lines, []];
}

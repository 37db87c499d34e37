import { formatTime } from "@unitrain/view";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { createBeginning, createEpochs } from "../../../test/event-script.ts";
import { createViewAfter } from "../../../test/events.ts";
import { joinText } from "./line.ts";
import { drawBar, renderLiveBlock } from "./live-block.ts";

const at = Date.parse("2026-11-24T00:16:00.000Z");
const interruptHint = "Ctrl-C: leave it running; unitrain attach swift-otter comes back";
const block = (eventScript: Parameters<typeof createViewAfter>[0], width: number, now = at) =>
  renderLiveBlock(createViewAfter(eventScript), now, width, interruptHint).map(joinText);

describe("renderLiveBlock", () => {
  const inTraining = [
    ...createBeginning(0),
    ...createEpochs(1, 7, 12, 0),
    ...createEpochs(8, 8, 12, 0).slice(0, 4),
  ];

  it("renders the training in 79 columns", () => {
    expect(block(inTraining, 79)).toEqual([
      "> epoch 8/12  [######################...............] 60%  batch 4/16",
      "  box 0.375  cls 0.500  dfl 0.188   mAP50 .467  mAP50-95 .350 (best: 7)",
      `  4.1 s/epoch   16s left, ends ${formatTime(at + 16_400)}`,
      `  ${interruptHint}`,
    ]);
  });

  it.each([20, 40, 60, 79, 139])("stays within %i columns", (width) => {
    for (const line of block(inTraining, width).slice(0, -1))
      expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });

  it("omits the progress bar before the figures in a narrow terminal", () => {
    expect(block(inTraining, 39).slice(0, 3)).toEqual([
      "> epoch 8/12  60%  batch 4/16",
      "  box 0.375  cls 0.500  dfl 0.188",
      "  mAP50 .467  mAP50-95 .350 (best: 7)",
    ]);
  });

  it("counts the remaining time down between two events, but not below zero", () => {
    expect(block(inTraining, 79, at + 10_000)[2]).toContain("6s left");
    expect(block(inTraining, 79, at + 60_000)[2]).toBe("  4.1 s/epoch   nearly done");
  });

  it("shows the upload and the installation at the same time", () => {
    expect(block(createBeginning(0).slice(0, 7), 79, at + 12_400)).toEqual([
      "> upload          12s  [#########.............]  40%  500 kB of 1.2 MB",
      "> environment     12s  installing ultralytics with uv",
      `  ${interruptHint}`,
    ]);
  });

  it("shows a lost connection", () => {
    const cut = [
      ...inTraining,
      [0, { type: "connection", state: "lost", detail: "no answer for 20 s" }],
    ] as const;
    expect(block(cut, 79)).toContain("! no connection: no answer for 20 s");
  });

  it("renders nothing if no phase is active", () => {
    expect(block([], 79)).toEqual([]);
  });

  it("never draws a progress bar that is too long", () => {
    expect(drawBar(0, 4)).toBe("[....]");
    expect(drawBar(0.5, 4)).toBe("[##..]");
    expect(drawBar(3, 4)).toBe("[####]");
  });
});

import type { Receipt, Resource } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { createBeginning, createEnding, createEpochs, exampleReceipt } from "../../../test/event-script.ts";
import { createViewAfter } from "../../../test/events.ts";
import { joinText } from "./line.ts";
import { renderSummary } from "./summary.ts";

const summaryText = (receipt: Receipt, total = 12, width = 80) =>
  renderSummary(
    createViewAfter([
      ...createBeginning(0),
      ...createEpochs(1, total, total, 0, 1),
      ...createEnding(receipt),
    ]),
    receipt,
    "/project/runs/detect/swift-otter",
    "/project",
    width,
  ).map(joinText);

describe("renderSummary", () => {
  it("shows files that were not downloaded, and counts files that the receipt does not list", () => {
    const lines = summaryText({
      ...exampleReceipt,
      moreArtifacts: { files: 9_000, bytes: 1e6 },
      leftBehind: { files: 3, bytes: 8.1e9, paths: [] },
    });
    expect(lines).toContain("Missing  3 files, 8.1 GB: still on the machine");
    expect(lines.find((line) => line.startsWith("Beside"))).toContain("9,001 more files");
  });

  it("shows epochs, model and durations", () => {
    expect(summaryText({ ...exampleReceipt, epochs: { done: 3, total: 3 } }, 3)).toEqual([
      "EPOCH    BOX    CLS    DFL     P     R  mAP50  mAP50-95",
      "    1  3.000  4.000  1.500  .500  .400   .267      .200",
      "    2  1.500  2.000  0.750  .500  .400   .533      .400",
      "    3  1.000  1.333  0.500  .500  .400   .780      .580  best",
      "",
      "Done     swift-otter   3/3 epochs, best 3: mAP50 .780  mAP50-95 .580",
      "Model    runs/detect/swift-otter/weights/best.pt   5.5 MB",
      `         sha256 ${"9f2c4e81".repeat(8)}`,
      "Beside   1 more file and receipt.json in runs/detect/swift-otter",
      "",
      "PHASE         TIME",
      "connection    0.2s",
      "upload        0.6s  320 files, 1.2 MB copied",
      "environment    27s",
      "training     1m02s  3 epochs, about 4.1s each",
      "download      0.3s",
      "clean up      0.1s",
      "total        1m31s  upload and environment at the same time",
      "Cost     nothing: a machine of your own",
    ]);
  });

  it("shows a selection of many epochs, which includes the first, the last and the best", () => {
    const lines = summaryText(exampleReceipt, 300);
    const table = lines.slice(1, lines.indexOf(""));
    expect(table.length).toBeLessThanOrEqual(22);
    expect(table[0]).toMatch(/^ +1 /);
    expect(table.at(-2)).toMatch(/^ +300 /);
    expect(table.some((line) => line.endsWith("best"))).toBe(true);
    expect(table.at(-1)).toMatch(/^\d+ of 300 epochs/);
  });

  it("reports that no model was downloaded", () => {
    const lines = summaryText({ ...exampleReceipt, outcome: "training-failed", artifacts: [] });
    expect(lines).toContain("Model    none was downloaded");
    expect(lines.some((line) => line.startsWith("Failed   swift-otter"))).toBe(true);
  });

  it("explains why the model is not the best one", () => {
    const artifacts = exampleReceipt.artifacts.map((file) =>
      file.role === "model" ? { ...file, insteadOf: ["weights/best.pt"] } : file,
    );
    expect(summaryText({ ...exampleReceipt, artifacts }).join("\n")).toContain(
      "weights/best.pt was incomplete on the machine",
    );
  });

  it("ends with commands for the model, which are never truncated", () => {
    const val = `yolo detect val 'model=/my project/best.pt' data=/data/${"shapes/".repeat(12)}data.yaml`;
    const predict = "yolo detect predict 'model=/my project/best.pt' source=/data/images/val";
    const lines = summaryText({ ...exampleReceipt, nextCommands: [val, predict] }, 12, 60);
    expect(lines).toContain(`Next     ${val}`);
    expect(lines).toContain(`         ${predict}`);
  });

  it("shows what was released and what may still cost money", () => {
    const address = {
      kind: "address",
      name: "unitrain-a1-k3f9-1-ip",
      id: "213.181.122.171",
      onRelease: "delete",
    } as const;
    const instance = { kind: "instance", name: "unitrain-a1-k3f9-1", onRelease: "delete" } as const;
    const lines = summaryText({
      ...exampleReceipt,
      lease: {
        ownership: "rented",
        release: "release-unconfirmed",
        proofs: [{ resource: address, goneAt: "2026-11-24T15:43:02Z", evidence: "404 by id" }],
        unconfirmed: [instance],
        priceUsdPerHour: 2.25,
        costUsd: 1.43,
      },
    }).join("\n");
    expect(lines).toMatch(/^total +1m31s +\$1\.43 +list price, the invoice decides$/m);
    expect(lines).toMatch(/^GONE {3}address {3}213\.181\.122\.171 {5}\d\d:43:02 {2}404 by id$/m);
    expect(lines).toMatch(/^UNSURE instance {2}unitrain-a1-k3f9-1$/m);
    expect(lines).toMatch(/^ {7}not confirmed gone; may still cost \$2\.25\/h: unitrain gc$/m);
  });

  it("shows unconfirmed releases in one message, without a price for an SSH key", () => {
    const key = { kind: "ssh-key", name: "unitrain-a1", onRelease: "delete", free: true } as const;
    const instance = { kind: "instance", name: "unitrain-a1", onRelease: "delete" } as const;
    const reportedWith = (unconfirmed: readonly Resource[]) =>
      summaryText({
        ...exampleReceipt,
        lease: {
          ownership: "rented",
          release: "release-unconfirmed",
          proofs: [],
          unconfirmed,
          priceUsdPerHour: 2.25,
          costUsd: 1.43,
        },
      }).join("\n");
    expect(reportedWith([instance, key]).match(/not confirmed gone/g)).toHaveLength(1);
    expect(reportedWith([key])).toContain("not confirmed gone; costs nothing: unitrain gc");
  });

  it("shows no speed for a training that was detached", () => {
    const view = createViewAfter([
      ...createBeginning(0),
      [0, { type: "controller", state: "attached" }],
      ...createEnding(),
    ]);
    const lines = renderSummary(
      { ...view, jobStartedAt: 0, jobEndedAt: 3_600_000 },
      exampleReceipt,
      "/project/a",
      "/project",
      80,
    );
    expect(lines.map(joinText)).toContain("training     1h00m  until its end was noticed: it was detached");
  });

  it("shortens the sha256 if it does not fit", () => {
    expect(summaryText(exampleReceipt, 12, 40).join("\n")).toContain("sha256 9f2c4e819f2c…");
  });
});

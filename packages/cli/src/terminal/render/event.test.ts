import type { MachineFacts, RunEventBody } from "@unitrain/core";
import { applyEvent, createRunView, type RunView } from "@unitrain/view";
import { describe, expect, it } from "vitest";
import { examplePlan } from "../../../test/event-script.ts";
import { createEvents } from "../../../test/events.ts";
import { formatEpoch, renderEvent } from "./event.ts";
import { joinText } from "./line.ts";

function lines(events: readonly RunEventBody[], changes: Partial<RunView> = {}, width = 80): string[] {
  const view = Object.assign(createRunView(), changes);
  return createEvents(events.map((event) => [0, event])).flatMap((event) => {
    applyEvent(view, event);
    return renderEvent(event, view, width).map(joinText);
  });
}

describe("renderEvent", () => {
  it("renders the end of a phase with the details of its events", () => {
    expect(
      lines([
        { type: "phase", phase: "ship", state: "started" },
        { type: "shipped", sentBytes: 0, reusedBytes: 2_100_000 },
        { type: "phase", phase: "ship", state: "ended", seconds: 0.6 },
        { type: "environment", found: "already", folder: "/e" },
        { type: "phase", phase: "environment", state: "ended", seconds: 151 },
      ]),
    ).toEqual([
      "+ upload         0.6s  2.1 MB, all of it there already",
      "+ environment   2m31s  there already",
    ]);
  });

  it("renders the hardware of the machine, the speed of the upload, and the environment", () => {
    const gpu = { name: "NVIDIA L4", memoryBytes: 24e9, computeCapability: "8.9" };
    const facts: MachineFacts = {
      os: "Linux",
      architecture: "x86_64",
      hostname: "gpu-box",
      home: "/home/me",
      workFolder: "/home/me/.unitrain/1",
      environmentsFolder: "/home/me/.cache/unitrain/1/environments",
      cpus: 8,
      ramBytes: 64e9,
      sharedMemoryBytes: 32e9,
      mounts: [],
      gpus: [gpu, gpu],
      gpuDriver: "570.172.08",
      tools: [],
      root: false,
    };
    const versions = { ultralytics: "8.4.190", torch: "2.10.0+cu128" };
    expect(
      lines([
        { type: "machine", facts },
        { type: "phase", phase: "connect", state: "ended", seconds: 0.6 },
        { type: "ship", bytes: 2.1e9, totalBytes: 2.1e9, files: 10_825, totalFiles: 10_825 },
        { type: "shipped", sentBytes: 2.1e9, reusedBytes: 0 },
        { type: "phase", phase: "ship", state: "ended", seconds: 182 },
        { type: "environment", found: "installed", folder: "/e", versions },
        { type: "phase", phase: "environment", state: "ended", seconds: 58 },
      ]),
    ).toEqual([
      "+ connection     0.6s  gpu-box, 8 CPUs, 2 x NVIDIA L4 24 GB, driver 570.172.08",
      "+ upload        3m02s  2.1 GB, 10,825 files, 92 Mbit/s, every sha256 equal",
      "+ environment     58s  torch 2.10.0 cu128, ultralytics 8.4.190, installed",
    ]);
  });

  it("renders very short phases only if they fail", () => {
    expect(lines([{ type: "phase", phase: "locate", state: "ended", seconds: 0.2 }])).toEqual([]);
    expect(lines([{ type: "phase", phase: "locate", state: "failed", seconds: 0.2 }])).toEqual([
      "x search         0.2s  failed",
    ]);
  });

  it("renders a phase that the user interrupted as stopped, not failed", () => {
    const cut = { type: "phase", phase: "environment", state: "failed", seconds: 2.6 } as const;
    expect(lines([cut], { isStopping: true })).toEqual(["- environment    2.6s  stopped"]);
  });

  it("renders a training that reached its limit as stopped, regardless of its exit code", () => {
    expect(
      lines([
        { type: "job", jobId: "j", state: "stopping", reason: "limit" },
        { type: "job", jobId: "j", state: "ended", exitCode: 143 },
        { type: "phase", phase: "train", state: "ended", seconds: 62 },
      ]),
    ).toEqual(["- training      1m02s  stopped by its limit"]);
  });

  it("measures a phase from its first start even if another process continued it", () => {
    const view = createRunView();
    const at = (second: number, event: RunEventBody) => {
      return createEvents([[0, event]], new Date(second * 1000).toISOString()).flatMap((numbered) => {
        applyEvent(view, { ...numbered, seq: second });
        return renderEvent(numbered, view, 80).map(joinText);
      });
    };
    at(0, { type: "phase", phase: "lease", state: "started" });
    at(10, { type: "phase", phase: "train", state: "started" });
    at(100, { type: "controller", state: "attached" });
    expect([...view.active.keys()]).toEqual([]);
    at(101, { type: "phase", phase: "train", state: "started" });
    expect([...view.active]).toEqual([["train", { since: 10_000 }]]);
    at(120, { type: "progress", unit: "epoch", done: 1, complete: true, metrics: {} });
    expect(at(190, { type: "phase", phase: "train", state: "ended", seconds: 89 })).toEqual([
      "+ training      3m00s  1 epoch",
    ]);
  });

  it("renders a training that ended with an error as failed", () => {
    expect(
      lines([
        { type: "job", jobId: "j", state: "ended", exitCode: 137 },
        { type: "phase", phase: "train", state: "ended", seconds: 62 },
      ]),
    ).toEqual(["x training      1m02s  failed with exit code 137"]);
  });

  it("renders a warning with its hint", () => {
    expect(
      lines([{ type: "warning", phase: "train", message: "the disk is nearly full", hint: "make room" }]),
    ).toEqual(["! the disk is nearly full", "  make room"]);
  });

  it("renders a lost connection and a lost job", () => {
    expect(
      lines([
        { type: "connection", state: "lost", detail: "no answer for 20 s" },
        { type: "connection", state: "back", detail: "after 41 s" },
        { type: "job", jobId: "j", state: "rebooted", detail: "the machine was started again" },
      ]),
    ).toEqual([
      "! connection lost, reconnecting: no answer for 20 s",
      "+ connection restored: after 41 s",
      "! the training is lost: the machine was started again",
    ]);
  });

  it("renders an epoch as a line if nothing can be redrawn", () => {
    const metrics = { box_loss: 1.0421, val_box_loss: 9, mAP50: 0.812, "mAP50-95": 0.566, pg0: 0.003 };
    const [event] = createEvents([
      [
        0,
        {
          type: "progress",
          unit: "epoch",
          done: 5,
          total: 12,
          complete: true,
          metrics,
          secondsPerEpoch: 38,
          secondsLeft: 266,
        },
      ],
    ]);
    if (event?.type !== "progress") throw new Error("It is one.");
    expect(formatEpoch(event, { plan: examplePlan })).toBe(
      "epoch  5/12  box 1.042  mAP50 .812 mAP50-95 .566  4m26s left",
    );
  });
});

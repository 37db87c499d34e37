import type { RunSummary } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { exampleMetrics, examplePlan } from "../../../test/event-script.ts";
import { joinText } from "./line.ts";
import { formatState, renderRuns } from "./runs-table.ts";

const over: RunSummary = {
  id: examplePlan.runId,
  name: "swift-otter",
  state: "over",
  outcome: "completed",
  phase: "teardown",
  createdAt: "2026-11-24T12:00:00.000Z",
  machine: "this computer: 2 CPUs, no GPU",
  provider: examplePlan.provider,
  job: examplePlan.job,
  epochs: { done: 12, total: 12 },
  metrics: { mAP50: 0.751, "mAP50-95": 0.552 },
  shownMetrics: exampleMetrics,
  unreleased: [],
  out: examplePlan.out,
};
const { outcome: _, ...going } = over;
const now = Date.parse("2026-11-24T16:00:00.000Z");

describe("the table of runs", () => {
  it("shows each run with its state and the next command", () => {
    const lines = renderRuns(
      [
        {
          ...going,
          name: "calm-heron",
          state: "active",
          phase: "train",
          controller: 42,
          epochs: { done: 3, total: 12 },
        },
        { ...going, name: "dusty-finch", state: "detached" },
        over,
      ],
      62,
      now,
    ).map(joinText);
    expect(lines).toEqual([
      "RUN          ON             STATE     EPOCH  SCORE",
      "calm-heron   this computer  training   3/12   .552",
      "dusty-finch  this computer  detached  12/12   .552",
      "swift-otter  this computer  done      12/12   .552",
      "! unitrain attach dusty-finch   nobody follows it; this goes on",
    ]);
  });

  it("shows the current price, the cost so far and the deadline", () => {
    const rented: RunSummary = {
      ...going,
      state: "active",
      phase: "train",
      controller: 42,
      machine: "H100-1 in sequoia, GPU-Ubuntu.24.04",
      provider: { name: "canopywave", ownership: "rented" },
      priceUsdPerHour: 2.25,
      costUsd: 0.6,
      deadline: { stopAt: new Date(2026, 10, 24, 18, 37).toISOString(), endsBy: new Date(now).toISOString() },
      unreleased: [{ kind: "instance", name: "unitrain-a", onRelease: "delete" }],
    };
    expect(
      renderRuns([rented, { ...over, name: "bold-ibex" }], 80, now)
        .map(joinText)
        .slice(0, 4),
    ).toEqual([
      "Paying $2.25/h on 1 machine.  November $0.60, 1 run",
      "RUN          ON              STATE     EPOCH  SCORE   COST  UNTIL",
      "swift-otter  H100-1 sequoia  training  12/12   .552  $0.60  18:37",
      "bold-ibex    this computer   done      12/12   .552      -      -",
    ]);
  });

  it.each([
    [{ ...going, state: "interrupted" }, "interrupted"],
    [{ ...going, state: "release-unconfirmed" }, "RELEASE UNCONFIRMED"],
    [{ ...over, outcome: "stopped" }, "stopped"],
    [{ ...over, outcome: "training-failed" }, "training failed"],
    [{ ...over, outcome: "failed" }, "failed"],
  ] as const)("names a state: %#", (run, name) => {
    expect(formatState(run)).toBe(name);
  });

  it("separates certain from possible cost, and marks machines that cost money without need", () => {
    const paid: RunSummary = {
      ...going,
      state: "active",
      controller: 42,
      phase: "train",
      provider: { name: "canopywave", ownership: "rented" },
      priceUsdPerHour: 2.25,
      costUsd: 0.5,
      unreleased: [{ kind: "instance", name: "unitrain-a", onRelease: "delete" }],
    };
    const { controller: _pid, ...alone } = paid;
    const lines = renderRuns(
      [
        paid,
        { ...alone, name: "calm-heron", state: "detached", phase: "download" },
        { ...alone, name: "bold-ibex", state: "release-unconfirmed", outcome: "failed" },
      ],
      100,
      now,
    ).map(joinText);
    expect(lines[0]).toBe("Paying $4.50/h on 2 machines, perhaps $2.25/h more.  November $1.50, 3 runs");
    expect(lines.find((line) => line.startsWith("calm-heron"))).toMatch(/ended, unfetched .* ! idle/);
    expect(lines.find((line) => line.startsWith("bold-ibex"))).toMatch(/RELEASE UNCONFIRMED .* ! now/);
    expect(lines).toContain("! unitrain attach calm-heron   its training is over: download the model");
  });

  it("shows a run with an unreadable ledger: the file, the possible cost, and how to search for it", () => {
    const { epochs: _epochs, ...unreadable } = going;
    const lines = renderRuns(
      [
        {
          ...unreadable,
          state: "unreadable",
          provider: { name: "canopywave", ownership: "rented" },
          priceUsdPerHour: 2.25,
          unreleased: [{ kind: "instance", name: "unitrain-a", id: "7f3a", onRelease: "delete" }],
          problem: { kind: "unreadable", file: "/s/ledger.jsonl", message: "It is empty." },
          guardianProblem: "told already",
        },
      ],
      100,
      now,
    ).map(joinText);
    expect(lines[0]).toContain("Paying nothing, perhaps $2.25/h.");
    expect(lines[2]).toMatch(/^swift-otter .*UNREADABLE/);
    expect(lines.slice(3)).toEqual([
      "! swift-otter: /s/ledger.jsonl: It is empty.",
      "!   It may still cost $2.25/h: instance 7f3a, and perhaps more.",
      "!   Search for it: unitrain gc --untracked --on canopywave. Remove the run's folder when nothing of it exists any more.",
    ]);
  });

  it("shows why the guardian cannot drive a run", () => {
    const lines = renderRuns([{ ...going, state: "detached", guardianProblem: "no key" }], 100, now).map(
      joinText,
    );
    expect(lines.at(-1)).toBe("! the guardian cannot look after swift-otter, and tries again: no key");
  });

  it("shows what may cost money, and what cannot be read", () => {
    const lines = renderRuns(
      [
        {
          ...going,
          state: "release-unconfirmed",
          unreleased: [{ kind: "instance", name: "unitrain-a", onRelease: "delete" }],
          problem: { kind: "damaged", file: "/s/ledger.jsonl", message: "2 of its 9 lines cannot be read." },
        },
      ],
      80,
      now,
    ).map(joinText);
    expect(lines.some((line) => line.startsWith("! unitrain gc"))).toBe(true);
    expect(lines.at(-1)).toBe("! swift-otter: /s/ledger.jsonl: 2 of its 9 lines cannot be read.");
  });

  it("shows the settings in which runs on the same data differ", () => {
    const trial = (name: string, settings: Readonly<Record<string, unknown>>): RunSummary => ({
      ...over,
      id: name,
      name,
      data: { source: { kind: "local", path: "/data/pallets" }, digest: "ab" },
      settings: Object.entries({ model: "yolo11n.pt", budget: name.length, ...settings }).map(
        ([key, value]) => ({
          name: key,
          value,
          source: "command line",
        }),
      ),
    });
    const trials = [
      trial("calm-heron", { lr0: 0.01 }),
      trial("bold-ibex", { lr0: 0.001, freeze: 10 }),
      trial("dusty-finch", { lr0: 0.01, patience: 5 }),
    ];
    const shown = (width: number) =>
      renderRuns([...trials, over], width, now, [...trials, over], new Set(["budget"])).map(joinText);
    expect(shown(100)).toEqual([
      "RUN          ON             STATE  EPOCH  SCORE  DIFFERS              STARTED",
      expect.stringMatching(/^calm-heron .* lr0=0\.01 +\d/),
      expect.stringMatching(/^bold-ibex .* lr0=0\.001 freeze=10 +\d/),
      expect.stringMatching(/^dusty-finch .* lr0=0\.01 patience=5 +\d/),
      expect.stringMatching(/^swift-otter .*\.552 {2,}\d/),
    ]);
    expect(shown(62)[2]).toBe("bold-ibex    done   12/12   .552  lr0=0.001 freeze=10");
    expect(shown(48)[2]).toBe("bold-ibex    done   12/12   .552  lr0=0.001 fre…");
  });

  it("counts no cost for an SSH key, and includes runs that are not shown in the month", () => {
    const rented: RunSummary = {
      ...over,
      provider: { name: "canopywave", ownership: "rented" },
      priceUsdPerHour: 2.25,
      costUsd: 1.43,
    };
    const key = { kind: "ssh-key", name: "unitrain-a", onRelease: "delete", free: true } as const;
    const withKey: RunSummary = { ...rented, state: "release-unconfirmed", unreleased: [key] };
    expect(joinText(renderRuns([withKey], 80, now, [withKey, rented])[0] ?? [])).toBe(
      "Paying nothing.  November $2.86, 2 runs",
    );
  });
});

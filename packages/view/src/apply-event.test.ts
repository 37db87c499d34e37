import type { MachineFacts, RunEvent, RunEventBody, ShownMetrics } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { examplePlan, exampleReceipt, numberEvents, startedAt } from "../test/events.ts";
import { applyEvent } from "./apply-event.ts";
import {
  createRunView,
  findBestEpoch,
  getLastMetrics,
  isGuarded,
  isRented,
  type RunView,
} from "./run-view.ts";

/** Returns the view after these events, one per second. */
function viewAfter(...bodies: RunEventBody[]): RunView {
  const view = createRunView();
  for (const event of numberEvents(bodies)) expect(applyEvent(view, event)).toBe(true);
  return view;
}

const facts = { hostname: "gpu-box", gpus: [] } as unknown as MachineFacts;
const progress = { type: "progress", unit: "epoch", done: 1, complete: true, metrics: {} } as const;
const model = {
  type: "artifact",
  path: "weights/best.pt",
  localPath: "/runs/best.pt",
  sizeBytes: 5,
  sha256: "ab",
  role: "model",
} as const;

const score = (key: string) => ({ key, label: key, role: "score" }) as const;

describe("applyEvent", () => {
  it("planned: stores the plan and whether the machine is rented", () => {
    const view = viewAfter({ type: "planned", plan: examplePlan });
    expect(view.plan).toEqual(examplePlan);
    expect(isRented(view)).toBe(true);
    expect(isRented(createRunView())).toBe(false);
  });

  it("keeps no control or invisible characters of any event, nor in names of metrics", () => {
    const hostile = "\u001b]0;owned\u0007gpu\u202e\u200b\r\nbox";
    const view = viewAfter(
      { type: "planned", plan: { ...examplePlan, name: hostile, job: hostile } },
      { type: "machine", facts: { ...facts, hostname: hostile } },
      { ...progress, metrics: { [hostile]: 1 } },
      { type: "connection", state: "lost", detail: hostile },
      { ...model, path: hostile },
      { type: "finished", outcome: "failed", receipt: { ...exampleReceipt, name: hostile } },
    );
    const plain = "gpu\nbox";
    expect(view.plan).toMatchObject({ name: plain, job: plain });
    expect(view.machine?.hostname).toBe(plain);
    expect(view.progress?.metrics).toEqual({ [plain]: 1 });
    expect(view.connectionLost).toBe(plain);
    expect([...view.artifacts.keys()]).toEqual([plain]);
    expect(view.finished?.receipt.name).toBe(plain);
  });

  it("phase: stores the current phase and the duration of ended phases", () => {
    const view = viewAfter(
      { type: "phase", phase: "ship", state: "started" },
      { type: "phase", phase: "environment", state: "started" },
      { type: "phase", phase: "ship", state: "ended", seconds: 1.9 },
    );
    expect([...view.active]).toEqual([["environment", { since: startedAt + 1000 }]]);
    expect([...view.phaseSeconds]).toEqual([["ship", 2]]);
  });

  it("phase: measures a phase that another process restarted from its first start", () => {
    const view = viewAfter(
      { type: "phase", phase: "train", state: "started" },
      { type: "controller", state: "attached" },
      { type: "phase", phase: "train", state: "started" },
      { type: "phase", phase: "train", state: "failed", seconds: 1 },
    );
    expect(view.phaseSeconds.get("train")).toBe(3);
    expect(view.hasChangedHands).toBe(true);
  });

  it("status: stores the last message of a running phase", () => {
    const view = viewAfter(
      { type: "phase", phase: "connect", state: "started" },
      { type: "status", phase: "connect", message: "booting\n" },
      { type: "status", phase: "lease", message: "nobody asked" },
    );
    expect([...view.active]).toEqual([["connect", { since: startedAt, message: "booting" }]]);
  });

  it("warning and log: change nothing, because they are printed directly", () => {
    const view = viewAfter(
      { type: "warning", phase: "train", message: "slow" },
      { type: "log", text: "x".repeat(1000), localBytes: 1000 },
    );
    expect(view).toEqual({ ...createRunView(), lastSeq: 1 });
  });

  it("machine, environment, ship, shipped and download: store the last event of each type", () => {
    const view = viewAfter(
      { type: "machine", facts },
      { type: "environment", found: "installed", folder: "/env" },
      { type: "ship", bytes: 1, totalBytes: 9, files: 1, totalFiles: 2 },
      { type: "ship", bytes: 9, totalBytes: 9, files: 2, totalFiles: 2 },
      { type: "shipped", sentBytes: 9, reusedBytes: 0 },
      { type: "download", path: "weights/best.pt", bytes: 3, totalBytes: 5 },
    );
    expect(view).toMatchObject({
      machine: { hostname: "gpu-box" },
      environment: { found: "installed" },
      ship: { bytes: 9 },
      shipped: { sentBytes: 9 },
      download: { bytes: 3 },
    });
  });

  it("deadline and guardian: store whether a guardian takes the run over", () => {
    const deadline = {
      type: "deadline",
      stopAt: "2026-11-24T18:00:00Z",
      endsBy: "2026-11-24T18:03:00Z",
    } as const;
    expect(isGuarded(createRunView())).toBe(false);
    expect(isGuarded(viewAfter(deadline))).toBe(true);
    expect(isGuarded(viewAfter(deadline, { type: "guardian", state: "missing", detail: "no node" }))).toBe(
      false,
    );
    expect(isGuarded(viewAfter({ type: "guardian", state: "armed", detail: "process 7" }))).toBe(true);
  });

  it("billing: stores the time of the first event as the start of the costs", () => {
    const view = viewAfter(
      { type: "billing", state: "started", since: "2026-11-24T00:16:05.000Z" },
      { type: "billing", state: "started", since: "2026-11-24T00:17:00.000Z" },
    );
    expect(view.paidSince).toBe(startedAt + 5000);
  });

  it("progress: stores complete epochs with their metrics, the best epoch and the current one", () => {
    const metrics: ShownMetrics = {
      columns: [score("mAP50-95")],
      deciding: { key: "mAP50-95", better: "higher" },
    };
    const view = viewAfter(
      { type: "planned", plan: { ...examplePlan, metrics } },
      { ...progress, done: 1, metrics: { "mAP50-95": 0.4 } },
      { ...progress, done: 2, metrics: { "mAP50-95": 0.6 } },
      { ...progress, done: 3, complete: false, metrics: { box_loss: 1 } },
    );
    expect(view.progress).toMatchObject({ done: 3, complete: false });
    expect(getLastMetrics(view)).toEqual({ "mAP50-95": 0.6 });
    expect(findBestEpoch(view)?.epoch).toBe(2);
    expect(
      findBestEpoch(viewAfter({ ...progress, score: 0.1 }, { ...progress, done: 2, score: 0.05 }))?.epoch,
    ).toBe(1);
  });

  it("progress of a retry: takes the latest epoch for the last one, not the one with the highest number", () => {
    const view = viewAfter(
      { ...progress, done: 1, metrics: { loss: 4 }, score: 0.9 },
      { ...progress, done: 2, metrics: { loss: 2 } },
      { ...progress, done: 1, metrics: { loss: 3 } },
    );
    expect(getLastMetrics(view)).toEqual({ loss: 3 });
    expect(view.scores.size).toBe(0);
  });

  it("job: stores start, end and the reason for stopping", () => {
    const job = { type: "job", jobId: "job-1" } as const;
    const view = viewAfter(
      { ...job, state: "started" },
      { ...job, state: "stopping", reason: "limit" },
      { ...job, state: "ended", exitCode: 143 },
    );
    expect(view).toMatchObject({
      hasJobBegun: true,
      jobStartedAt: startedAt,
      jobEndedAt: startedAt + 2000,
      jobExitCode: 143,
      isStopping: true,
      isLimitReached: true,
    });
    expect(viewAfter({ ...job, state: "lost", detail: "gone" }).hasJobBegun).toBe(true);
  });

  it("controller: stores that another process took over, and restarts the current phase", () => {
    const begun = { type: "phase", phase: "ship", state: "started" } as const;
    expect(viewAfter(begun, { type: "controller", state: "detached" }).active.size).toBe(1);
    expect(viewAfter(begun, { type: "controller", state: "attached" }).active.size).toBe(0);
  });

  it("connection: stores why the connection is lost, until it is back", () => {
    const lost = { type: "connection", state: "lost", detail: "reset" } as const;
    expect(viewAfter(lost).connectionLost).toBe("reset");
    expect(viewAfter(lost, { type: "connection", state: "back", detail: "2 s" })).not.toHaveProperty(
      "connectionLost",
    );
  });

  it("attempt: discards the epochs of the lost machine", () => {
    const epoch = { type: "progress", unit: "epoch", done: 3, complete: true, metrics: { loss: 1 } } as const;
    const started = { type: "job", jobId: "job", state: "started" } as const;
    const view = viewAfter(started, epoch, { type: "attempt", number: 2, reason: "The machine is gone." });
    expect([view.epochs.size, view.hasJobBegun]).toEqual([0, false]);
    expect(view).not.toHaveProperty("progress");
  });

  it("artifact: stores each file once, and the time of the last model", () => {
    const view = viewAfter(
      model,
      { ...model, sizeBytes: 6 },
      { ...model, path: "results.csv", role: "extra" },
    );
    expect([...view.artifacts.values()].map(({ sizeBytes }) => sizeBytes)).toEqual([6, 5]);
    expect(view.modelDownloadedAt).toBe(startedAt + 1000);
  });

  it("finished: stores the outcome and ends all phases", () => {
    const view = viewAfter(
      { type: "phase", phase: "teardown", state: "started" },
      { type: "finished", outcome: "completed", receipt: exampleReceipt },
    );
    expect(view.finished?.outcome).toBe("completed");
    expect(view.active.size).toBe(0);
  });
});

describe("applyEvent ignores", () => {
  const job = { type: "job", jobId: "job-1", state: "started" } as const;

  it("an event that was applied before", () => {
    const [first, second] = numberEvents([job, { ...job, state: "stopping" }]) as [RunEvent, RunEvent];
    const view = createRunView();
    expect([first, second, first, second].map((event) => applyEvent(view, event))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(view.jobStartedAt).toBe(startedAt);
  });

  it.each([
    { type: "constructor" },
    { type: "progress", unit: "epoch", done: 1, complete: true },
    { type: "progress", unit: "epoch", done: null, complete: true, metrics: {} },
    { type: "phase", phase: "__proto__", state: "started" },
    { type: "phase", phase: "train", state: "ended" },
    { type: "billing", since: "soon" },
    { type: "planned", plan: { provider: "canopywave" } },
    { type: "planned", plan: { ...examplePlan, metrics: { columns: [{ key: "mAP50" }] } } },
    { type: "finished", outcome: "completed", receipt: {} },
    { type: "machine", facts: { hostname: "x", gpus: 4 } },
    { ...job, at: "yesterday" },
    { ...job, seq: 1e300 },
    { ...job, seq: "0" },
  ])("a damaged event: %j", (body) => {
    const view = createRunView();
    const event = { seq: 0, at: "2026-11-24T00:16:00.000Z", runId: "run", ...body };
    expect(applyEvent(view, event as unknown as RunEvent)).toBe(false);
    expect(view).toEqual(createRunView());
  });
});

it("a view stays small, however many artifact events it receives", () => {
  const view = viewAfter(...Array.from({ length: 6000 }, (_, number) => ({ ...model, path: `${number}` })));
  expect(view.artifacts.size).toBe(5000);
});

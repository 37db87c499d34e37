import type { Plan, Receipt, RunEventBody, SavedFile, ShownMetrics } from "@unitrain/core";

/** What happens in a scripted run: each event after a pause. */
export type EventScript = readonly (readonly [pauseMs: number, event: RunEventBody])[];

/** How a framework of detections describes its epochs. */
export const exampleMetrics: ShownMetrics = {
  columns: [
    { key: "box_loss", label: "box", role: "loss" },
    { key: "cls_loss", label: "cls", role: "loss" },
    { key: "dfl_loss", label: "dfl", role: "loss" },
    { key: "precision", label: "P", role: "detail", format: "share" },
    { key: "recall", label: "R", role: "detail", format: "share" },
    { key: "mAP50", label: "mAP50", role: "score", format: "share" },
    { key: "mAP50-95", label: "mAP50-95", role: "score", format: "share" },
  ],
  deciding: { key: "mAP50-95", better: "higher" },
};

export const examplePlan: Plan = {
  planVersion: "v1",
  runId: "20261124-001530-k3f9",
  name: "swift-otter",
  createdAt: "2026-11-24T00:15:30.000Z",
  source: { kind: "local", path: "/data/shapes" },
  data: { files: 320, bytes: 1_240_000, digest: "ab".repeat(32), summary: "128 train + 32 val, 2 classes" },
  findings: [
    {
      kind: "coordinates",
      severity: "warning",
      file: "labels/train/0012.txt",
      line: 3,
      message: "a box ends outside of the image (1.012)",
    },
  ],
  job: "detect yolo11n.yaml epochs=12 imgsz=128 batch=8",
  provider: { name: "local", ownership: "borrowed" },
  transport: { name: "local" },
  metrics: exampleMetrics,
  framework: { name: "yolo" },
  plugins: [],
  request: { diskBytes: 20_000_000_000 },
  quote: {
    machine: "this computer",
    cpus: 2,
    ramBytes: 25_000_000_000,
    diskBytes: 41_200_000_000,
    priceUsdPerHour: 0,
    upfrontUsd: 0,
    otherUsdPerHour: 0,
    billingTickSeconds: 1,
    gpus: 0,
    available: "yes",
    interruptible: false,
    bootSeconds: { likely: 0, high: 0 },
    reference: null,
  },
  secrets: [],
  out: "/project/runs/detect/swift-otter",
};

const model: SavedFile = {
  path: "weights/best.pt",
  localPath: "/project/runs/detect/swift-otter/weights/best.pt",
  sizeBytes: 5_466_442,
  sha256: "9f2c4e81".repeat(8),
  role: "model",
};
const results: SavedFile = {
  ...model,
  path: "results.csv",
  localPath: "/project/runs/detect/swift-otter/results.csv",
  sizeBytes: 1931,
  role: "extra",
};

export const exampleReceipt: Receipt = {
  receiptVersion: "v1",
  runId: examplePlan.runId,
  name: examplePlan.name,
  outcome: "completed",
  job: examplePlan.job,
  startedAt: "2026-11-24T00:15:30.000Z",
  endedAt: "2026-11-24T00:17:01.400Z",
  machine: "this computer",
  phases: [
    { phase: "connect", startedSeconds: 0, seconds: 0.2 },
    { phase: "ship", startedSeconds: 0.2, seconds: 0.6 },
    { phase: "environment", startedSeconds: 0.2, seconds: 27 },
    { phase: "train", startedSeconds: 27.4, seconds: 62 },
    { phase: "download", startedSeconds: 89.4, seconds: 0.3 },
    { phase: "teardown", startedSeconds: 89.7, seconds: 0.1 },
  ],
  data: { files: 320, bytes: 1_240_000, sentBytes: 1_240_000, reusedBytes: 0 },
  epochs: { done: 12, total: 12 },
  metrics: { "mAP50-95": 0.552 },
  artifacts: [model, results],
  lease: {
    ownership: "borrowed",
    release: "nothing-paid",
    proofs: [],
    unconfirmed: [],
    priceUsdPerHour: 0,
    costUsd: 0,
  },
};

/** Until the job runs. */
export function createBeginning(pauseMs: number): EventScript {
  return [
    [0, { type: "planned", plan: examplePlan }],
    [0, { type: "phase", phase: "connect", state: "started" }],
    [
      pauseMs,
      {
        type: "phase",
        phase: "connect",
        state: "ended",
        seconds: 0.2,
        detail: "this computer, 2 CPUs, no GPU",
      },
    ],
    [0, { type: "phase", phase: "ship", state: "started" }],
    [0, { type: "phase", phase: "environment", state: "started" }],
    [0, { type: "status", phase: "environment", message: "installing ultralytics with uv" }],
    [pauseMs, { type: "ship", bytes: 500_000, totalBytes: 1_240_000, files: 130, totalFiles: 320 }],
    [pauseMs, { type: "shipped", sentBytes: 1_240_000, reusedBytes: 0 }],
    [0, { type: "phase", phase: "ship", state: "ended", seconds: 0.6 }],
    [pauseMs, { type: "environment", found: "installed", folder: "/cache/environments/yolo" }],
    [
      0,
      {
        type: "phase",
        phase: "environment",
        state: "ended",
        seconds: 27,
        detail: "torch 2.15.0, ultralytics 8.4.190",
      },
    ],
    [0, { type: "phase", phase: "train", state: "started" }],
    [0, { type: "job", jobId: "job-1", state: "started" }],
  ];
}

/** Epochs `from` to `to` of `total`, in batches. */
export function createEpochs(
  from: number,
  to: number,
  total: number,
  pauseMs: number,
  batches = 16,
): EventScript {
  const eventScript: (readonly [number, RunEventBody])[] = [];
  for (let epoch = from; epoch <= to; epoch += 1) {
    const shared = { type: "progress", unit: "epoch", done: epoch, total } as const;
    const losses = { box_loss: 3 / epoch, cls_loss: 4 / epoch, dfl_loss: 1.5 / epoch };
    const pace = { secondsPerEpoch: 4.1, secondsLeft: (total - epoch) * 4.1 };
    for (let batch = 1; batch <= batches; batch += 1) {
      eventScript.push([
        pauseMs,
        { ...shared, complete: false, batch: { done: batch, total: batches }, metrics: losses, ...pace },
      ]);
    }
    const dip = epoch === total ? 0.02 : 0;
    const scores = {
      precision: 0.5,
      recall: 0.4,
      mAP50: (0.8 * epoch) / total - dip,
      "mAP50-95": (0.6 * epoch) / total - dip,
    };
    eventScript.push([0, { ...shared, complete: true, metrics: { ...losses, ...scores }, ...pace }]);
    eventScript.push([0, { type: "log", text: `epoch ${epoch} of ${total}\n`, localBytes: epoch * 14 }]);
  }
  return eventScript;
}

/** From the job's end on; the download takes so long. */
export function createEnding(receipt: Receipt = exampleReceipt, downloadMs = 0): EventScript {
  const exitCode = receipt.outcome === "training-failed" ? 1 : 0;
  return [
    [0, { type: "job", jobId: "job-1", state: "ended", exitCode }],
    [0, { type: "phase", phase: "train", state: "ended", seconds: 62 }],
    [0, { type: "phase", phase: "download", state: "started" }],
    ...(downloadMs === 0
      ? []
      : [[downloadMs, { type: "download", path: "weights/best.pt", bytes: 9, totalBytes: 9 }] as const]),
    ...receipt.artifacts.map((file) => [0, { type: "artifact", ...file }] as const),
    [0, { type: "phase", phase: "download", state: "ended", seconds: 0.3 }],
    [
      0,
      {
        type: "finished",
        outcome: receipt.outcome,
        receipt,
        ...(receipt.error === undefined ? {} : { error: receipt.error }),
      },
    ],
  ];
}

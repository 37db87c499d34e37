import { createHash, hash } from "node:crypto";
import type { Assembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import { type HashedManifest, hashManifest } from "../manifest/hash-manifest.ts";
import { takeSnapshot } from "../manifest/path-snapshot.ts";
import type { KeptData } from "../manifest/plan-memory.ts";
import {
  createDatasetError,
  type DataSource,
  type DatasetReport,
  formatNumber,
  type Manifest,
  type Plan,
  UnitrainError,
} from "../spec/index.ts";

const checkTimeoutMs = 30 * 60_000;
const progressEveryMs = 900;

/** A dataset that was checked, and what `start` needs of it again. */
export interface CheckedData {
  readonly report: DatasetReport;
  readonly shipment: HashedManifest;
  readonly kept: KeptData;
}

/** The framework's check and the `ship` hooks, then the hash of the content. */
export async function checkData(
  assembly: Assembly,
  source: DataSource,
  signal?: AbortSignal,
): Promise<CheckedData> {
  const readAtMs = assembly.ports.clock.now();
  const report = await callCheck(assembly, source, signal);
  // After the check: what changes meanwhile is not settled, and so leaves no snapshot.
  const snapshot =
    report.inspectedPaths === undefined ? undefined : takeSnapshot(report.inspectedPaths, readAtMs);
  const manifest = await assembly.hooks.callWaterfall(
    "ship",
    report.manifest,
    assembly.hookCall("plan", signal),
  );
  const isShaped = manifest !== report.manifest;
  const shipment = await hashManifest(manifest, {
    ...hashOptions(assembly, signal),
    readAtMs,
    mayBeOutdated: isShaped,
    earlier: assembly.memory.lastContents,
  });
  const listing = isShaped ? await hashListing(report.manifest) : undefined;
  const inspected = snapshot === undefined ? undefined : { paths: report.inspectedPaths ?? [], snapshot };
  return { report, shipment, kept: { shipment, listing, inspected } };
}

/**
 * Returns the shipment that was planned after it has made sure that the dataset is the same. What this process has planned is
 * only compared with the file system, without another check or hook; what has changed since is read again.
 *
 * @throws UnitrainError `DATA_CHANGED`, which names the file where one is known.
 */
export async function verifyData(
  { plan, assembly }: { readonly plan: Plan; readonly assembly: Assembly },
  signal?: AbortSignal,
): Promise<HashedManifest> {
  const kept = assembly.memory.get(plan)?.data;
  const shipment =
    kept === undefined
      ? (await checkData(assembly, plan.source, signal)).shipment
      : await verifyKept(kept, plan, assembly, signal);
  if (shipment.digest === plan.data.digest) return shipment;
  throw changedData();
}

async function verifyKept(
  { shipment, listing, inspected }: KeptData,
  plan: Plan,
  assembly: Assembly,
  signal: AbortSignal | undefined,
): Promise<HashedManifest> {
  const { reading } = shipment;
  const options = { ...hashOptions(assembly, signal), earlier: reading.contents };
  const isListed =
    inspected !== undefined && takeSnapshot(inspected.paths, reading.readAtMs) === inspected.snapshot;
  if (!isListed) {
    const readAtMs = assembly.ports.clock.now();
    const { manifest } = await callCheck(assembly, plan.source, signal);
    if (listing === undefined) return hashManifest(manifest, { ...options, readAtMs });
    // Hooks are called once for a run: what they were given must be what they would be given now.
    if (listing !== (await hashListing(manifest))) throw changedData();
  }
  await hashManifest(reading.sorted, {
    ...options,
    readAtMs: reading.readAtMs,
    mayBeOutdated: true,
    refusesChanges: true,
  });
  return shipment;
}

async function callCheck(assembly: Assembly, source: DataSource, signal: AbortSignal | undefined) {
  const { framework, boundary } = assembly;
  const call = {
    phase: "plan" as const,
    adapter: `${framework.name}.check`,
    timeoutMs: checkTimeoutMs,
    signal,
  };
  const report = await callAdapter(boundary, call, (context) => framework.check(source, context));
  const errors = report.findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw createDatasetError(report.findings);
  return report;
}

/** A digest of what a manifest lists, without the content of the files. */
async function hashListing(manifest: Manifest): Promise<string> {
  const digest = createHash("sha256");
  for await (const batch of manifest.entries()) {
    for (const { path, from, sizeBytes, executable } of batch) {
      const origin = "file" in from ? from.file : hash("sha256", from.bytes);
      digest.update(`${path}\0${origin}\0${sizeBytes}\0${executable === true}\0`);
    }
  }
  return digest.digest("hex");
}

const hashOptions = (assembly: Assembly, signal: AbortSignal | undefined) => ({
  signal,
  now: () => assembly.ports.clock.now(),
  onProgress: throttleProgress(assembly, (files) => `Reading files ${formatNumber(files)}`),
});

/** Says how far a long step is, without drowning a reader. */
function throttleProgress(
  { boundary, ports }: Assembly,
  message: (count: number) => string,
): (count: number) => void {
  let shownAtMs = ports.clock.now();
  return (count) => {
    const now = ports.clock.now();
    if (now - shownAtMs < progressEveryMs) return;
    shownAtMs = now;
    boundary.progress?.(message(count));
  };
}

const changedData = () =>
  new UnitrainError(
    "DATA_CHANGED",
    "The dataset, or what plugins make of it, is no longer what was planned.",
    {
      hint: "Plan again: nothing was started with the changed data.",
      phase: "ship",
    },
  );

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type CallContext, type DataSource, type DatasetReport, UnitrainError } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { listWeightsToShip } from "../options/weights.ts";
import { checkLabeled } from "./check-labeled.ts";
import type { CheckedDataset } from "./checked-dataset.ts";
import { checkClassFolders } from "./classify/check.ts";
import { Findings, formatPath } from "./findings.ts";
import { createManifest } from "./manifest.ts";
import { Yielder } from "./yielder.ts";

/** Looks through a dataset on this computer and lays out what is shipped of it. Writes nothing but the cache of unpacked zips. */
export async function checkDataset(
  dataSource: DataSource,
  options: CheckedOptions,
  context: Pick<CallContext, "signal" | "progress">,
): Promise<DatasetReport> {
  const weights = await listWeightsToShip(options);
  const findings = new Findings();
  const yielder = new Yielder(context.signal, context.progress);
  const { task } = options;
  const checkSource = (source: DataSource) =>
    task === "classify"
      ? checkClassFolders(source, options, findings, yielder)
      : checkLabeled(source, task, options, findings, yielder);
  const { checked, toUserPaths } = isZip(dataSource)
    ? await checkZip(dataSource.path, checkSource, findings, yielder)
    : { checked: await checkSource(dataSource), toUserPaths: (text: string) => text };
  return {
    manifest: createManifest([...checked.unsorted, ...weights], checked.sortedGroups),
    summary: checked.summary,
    ...(checked.classes === undefined ? {} : { classes: checked.classes }),
    findings: findings.all().map((finding) => ({
      ...finding,
      file: toUserPaths(finding.file),
      message: toUserPaths(finding.message),
    })),
    location: checked.location,
    inspectedPaths: findings.inspectedPaths,
  };
}

const isZip = (source: DataSource): source is DataSource & { readonly kind: "local" } =>
  source.kind === "local" &&
  /\.zip$/i.test(source.path) &&
  statSync(source.path, { throwIfNoEntry: false })?.isFile() === true;

/** Of what lies in a zip the user knows the zip, and not where it was unpacked: `named` tells it so. */
async function checkZip(
  path: string,
  checkSource: (source: DataSource) => Promise<CheckedDataset>,
  findings: Findings,
  yielder: Yielder,
): Promise<{ readonly checked: CheckedDataset; readonly toUserPaths: (text: string) => string }> {
  const zip = resolve(path);
  findings.inspect(zip);
  const { unpackZip } = await import("./archive.ts");
  const folder = await unpackZip(zip, yielder);
  const toUserPaths = (text: string) => text.replaceAll(formatPath(folder), formatPath(zip));
  try {
    return { checked: await checkSource({ kind: "local", path: folder }), toUserPaths };
  } catch (error) {
    if (!UnitrainError.isInstance(error)) throw error;
    throw new UnitrainError(error.code, toUserPaths(error.message), {
      hint: error.hint === undefined ? undefined : toUserPaths(error.hint),
      cause: error,
    });
  }
}

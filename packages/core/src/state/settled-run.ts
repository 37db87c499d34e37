import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { RunFolder } from "./run-folder.ts";
import type { RunSummary } from "./run-summary.ts";

/** The version of summaries. Increase it when their content changes. */
const summaryVersion = 2;

/** Identifies the ledger and events from which a summary was made. */
export type Stamp = string | undefined;

/** Summaries in memory, which are read again only when the files have changed. */
const cachedSummaries = new Map<string, { readonly stamp: string; readonly summary: RunSummary }>();

/** Creates the stamp of a run's files. Take it before reading them, so that a later write changes the stamp. */
export function createStamp({ ledger, events }: RunFolder): Stamp {
  try {
    return [ledger, events].map(fileStamp).join(" ");
  } catch {
    return undefined;
  }
}

/**
 * Reads the cached summary of a run that is over and released. Returns undefined if there is none for the current files. The cache is
 * only for lists; releasing resources always reads the ledger. It is synchronous, because hundreds of promises take longer than
 * reading the files.
 */
export function readSettled({ summary: path }: RunFolder, stamp: Stamp): RunSummary | undefined {
  if (stamp === undefined) return undefined;
  const before = cachedSummaries.get(path);
  if (before?.stamp === stamp) return before.summary;
  try {
    if (!statSync(path).isFile()) return undefined;
    const kept = JSON.parse(readFileSync(path, "utf8")) as Kept;
    if (kept.summaryVersion !== summaryVersion || kept.stamp !== stamp || !isSettled(kept.summary))
      return undefined;
    cachedSummaries.set(path, { stamp, summary: kept.summary });
    return kept.summary;
  } catch {
    return undefined;
  }
}

/** Caches the summary of a run that cannot change any more. Write errors are ignored, and the files are read again next time. */
export async function keepSettled(folder: RunFolder, stamp: Stamp, summary: RunSummary): Promise<void> {
  if (stamp === undefined || summary.id !== basename(folder.path) || !isSettled(summary)) return;
  const temporary = `${folder.summary}.${randomBytes(4).toString("hex")}.part`;
  const kept: Kept = { summaryVersion, stamp, summary };
  try {
    await writeFile(temporary, JSON.stringify(kept), { mode: 0o600, flag: "wx" });
    await rename(temporary, folder.summary);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

interface Kept {
  readonly summaryVersion: number;
  readonly stamp: string;
  readonly summary: RunSummary;
}

/** Whether all resources are released. A kept machine is listed until then. */
function isSettled({ state, outcome, unreleased, problem, leases = [] }: RunSummary): boolean {
  if (leases.some(({ stage }) => stage !== "released")) return false;
  return state === "over" && outcome !== undefined && unreleased.length === 0 && problem === undefined;
}

function fileStamp(path: string): string {
  const { size, mtimeMs, ctimeMs, ino } = statSync(path);
  return [size, mtimeMs, ctimeMs, ino].join(":");
}

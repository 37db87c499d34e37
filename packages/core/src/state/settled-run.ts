import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { RunFolder } from "./run-folder.ts";
import type { RunSummary } from "./run-summary.ts";

/** Raised whenever a summary says more or something else than before. */
const summaryVersion = 2;

/** Which ledger and events a summary was made of; undefined where there are none to be told apart. */
export type Stamp = string | undefined;

/** Read again in the same process only when the files have changed. */
const cachedSummaries = new Map<string, { readonly stamp: string; readonly summary: RunSummary }>();

/** Taken before the files are read: whatever is written after it makes another stamp. */
export function createStamp({ ledger, events }: RunFolder): Stamp {
  try {
    return [ledger, events].map(fileStamp).join(" ");
  } catch {
    return undefined;
  }
}

/**
 * The summary of a run that is over and released, from the file that is kept beside it; undefined when there is none that was
 * made of just these files. Only a cache, for lists: what ends costs reads the ledger. Synchronous, since hundreds of
 * promises take longer than the reading.
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

/** Keeps the summary of a run that nothing can change any more. Where it cannot be written, the files are read again the next time. */
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

/** A kept machine is listed until it is released. */
function isSettled({ state, outcome, unreleased, problem, leases = [] }: RunSummary): boolean {
  if (leases.some(({ stage }) => stage !== "released")) return false;
  return state === "over" && outcome !== undefined && unreleased.length === 0 && problem === undefined;
}

function fileStamp(path: string): string {
  const { size, mtimeMs, ctimeMs, ino } = statSync(path);
  return [size, mtimeMs, ctimeMs, ino].join(":");
}

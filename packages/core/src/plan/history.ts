import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { EstimateRange, Receipt } from "../spec/index.ts";
import { runFolder } from "../state/run-folder.ts";

const newest = 50;

/** Reads the receipts of the newest runs of this computer that are over, to predict the next run from them. */
export async function readReceipts(home: string): Promise<readonly Receipt[]> {
  // If the folder cannot be read, the prediction is a guess; `start` reports the problem.
  const ids = await readdir(join(home, "runs")).catch(() => []);
  const receipts: Receipt[] = [];
  for (const id of ids.sort().reverse()) {
    if (receipts.length === newest) break;
    const receipt = await readReceipt(runFolder(home, id).receipt);
    if (receipt !== undefined) receipts.push(receipt);
  }
  return receipts;
}

async function readReceipt(path: string): Promise<Receipt | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined;
    const receipt = JSON.parse(await readFile(path, "utf8")) as Receipt;
    const isWhole =
      Array.isArray(receipt.phases) && receipt.data !== undefined && receipt.lease !== undefined;
    return isWhole ? receipt : undefined;
  } catch {
    return undefined;
  }
}

/** Returns how long a phase took; undefined if the run did not have it. */
export function getPhaseSeconds(receipt: Receipt, phase: string): number | undefined {
  return receipt.phases.find((phaseTime) => phaseTime.phase === phase)?.seconds;
}

/** Returns the lowest, the median and the highest of some figures; undefined if there are none. */
export function calculateSpread(figures: readonly number[]): EstimateRange | undefined {
  const sorted = [...figures].sort((a, b) => a - b);
  const [low, likely, high] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return low === undefined || likely === undefined || high === undefined ? undefined : { low, likely, high };
}

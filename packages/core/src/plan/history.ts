import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { EstimateRange, Receipt } from "../spec/index.ts";
import { runFolder } from "../state/run-folder.ts";

const newest = 50;

/** What earlier runs of this computer took: the best there is to tell the next one by. A run has a receipt once it is over. */
export async function readReceipts(home: string): Promise<readonly Receipt[]> {
  // A folder that cannot be read makes a worse guess, not an error: `start` says what is wrong with it.
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

/** Seconds of one phase; undefined when it did not happen, or failed before it was over. */
export function getPhaseSeconds(receipt: Receipt, phase: string): number | undefined {
  return receipt.phases.find((phaseTime) => phaseTime.phase === phase)?.seconds;
}

/** The middle one, with the fastest and the slowest around it. */
export function calculateSpread(figures: readonly number[]): EstimateRange | undefined {
  const sorted = [...figures].sort((a, b) => a - b);
  const [low, likely, high] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return low === undefined || likely === undefined || high === undefined ? undefined : { low, likely, high };
}

import { readFile } from "node:fs/promises";
import type { Guess, Receipt } from "../spec/index.ts";
import { runFolder } from "../state/run-folder.ts";
import { listRunFolders } from "../state/run-list.ts";

const newest = 50;

/** What earlier runs of this computer took: the best there is to tell the next one by. */
export async function readReceipts(home: string): Promise<readonly Receipt[]> {
  // A folder that cannot be read makes a worse guess, not an error: `start` says what is wrong with it.
  const found = await listRunFolders(home).catch(() => []);
  const runs = found.filter(({ reading }) => reading.state.outcome !== undefined);
  const receipts = await Promise.all(
    runs.slice(0, newest).map(async ({ id }) => {
      try {
        const receipt = JSON.parse(await readFile(runFolder(home, id).receipt, "utf8")) as Receipt;
        return Array.isArray(receipt.phases) && receipt.data !== undefined && receipt.lease !== undefined
          ? receipt
          : undefined;
      } catch {
        return undefined;
      }
    }),
  );
  return receipts.filter((receipt) => receipt !== undefined);
}

/** Seconds of one phase; undefined when it did not happen, or failed before it was over. */
export function secondsOf(receipt: Receipt, phase: string): number | undefined {
  return receipt.phases.find((one) => one.phase === phase)?.seconds;
}

/** The middle one, with the fastest and the slowest around it. */
export function spreadOf(figures: readonly number[]): Guess | undefined {
  const sorted = [...figures].sort((one, other) => one - other);
  const [low, likely, high] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return low === undefined || likely === undefined || high === undefined ? undefined : { low, likely, high };
}

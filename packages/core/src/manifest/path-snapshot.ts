import { createHash } from "node:crypto";
import { type BigIntStats, statSync } from "node:fs";
import { getFingerprint } from "../spec/index.ts";

/** The coarsest clock of a common file system (FAT) ticks every two seconds. */
const coarsestTickMs = 2_000;

/**
 * Whether any later change of a file will show in its times. A file that changed just before it was read may change again within the
 * same tick of the file system's clock and look the same; git calls that racily clean. The same holds for times in the future.
 */
export function isSettled({ mtimeNs, ctimeNs }: BigIntStats, readAtMs: number): boolean {
  const changedNs = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return changedNs < BigInt(Math.floor(readAtMs) - coarsestTickMs) * 1_000_000n;
}

/**
 * Returns a digest of the metadata of files and folders, including missing ones. Returns undefined if one of them is not settled, because
 * a later change might not show.
 */
export function takeSnapshot(paths: readonly string[], readAtMs: number): string | undefined {
  const digest = createHash("sha256");
  for (const path of paths) {
    const stats = getStats(path);
    if (typeof stats !== "string" && !isSettled(stats, readAtMs)) return undefined;
    digest.update(`${path}\0${typeof stats === "string" ? stats : getFingerprint(path, stats)}\0`);
  }
  return digest.digest("hex");
}

/** Returns the metadata of a path, or the code of the error, because a missing path is a state too. */
function getStats(path: string): BigIntStats | string {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

import { appendFile, readFile, rename, stat, truncate, writeFile } from "node:fs/promises";
import { ensureWritable } from "../state/ensure-writable.ts";
import { createLocalDiskError } from "../state/local-disk.ts";

/** The length of the log: the first `local` bytes of the local log hold the first `raw` bytes of the machine's log. */
interface LogOffsets {
  /** The attempt whose log is followed; missing for the first. Each machine has a log of its own. */
  readonly attempt?: number;
  readonly raw: number;
  readonly local: number;
}

/** The training's log on this computer, with secrets masked. Masking changes lengths, so both offsets are kept. */
export interface LocalLog {
  readonly offsets: LogOffsets;
  /** Appends masked bytes that reach up to the offset `raw` of the machine's log. */
  append(bytes: Uint8Array, raw: number): Promise<LogOffsets>;
}

/**
 * Opens the log to continue where the last process stopped. The log is cut to the length in the sidecar file, so that no line is lost or
 * repeated if a process was killed between writing the two files. The log of a new attempt is appended to those of earlier attempts.
 */
export async function openLocalLog(path: string, sidecar: string, attempt = 1): Promise<LocalLog> {
  for (const file of [path, sidecar]) {
    await ensureWritable(file).catch((error) => {
      throw createLocalDiskError(file, error);
    });
  }
  const { size } = await stat(path);
  const noted = await readOffsets(sidecar);
  // A log that is shorter than that did not reach the disk before a power failure. The whole log is still on the machine.
  const intact = size < noted.local ? { raw: 0, local: 0 } : noted;
  let offsets = (noted.attempt ?? 1) === attempt ? intact : { raw: 0, local: intact.local };
  await truncate(path, offsets.local);
  return {
    get offsets() {
      return offsets;
    },
    async append(bytes, raw) {
      const next = {
        ...(attempt === 1 ? {} : { attempt }),
        raw,
        local: offsets.local + bytes.length,
      };
      try {
        await appendFile(path, bytes);
        await writeFile(`${sidecar}.part`, JSON.stringify(next), { mode: 0o600 });
        await rename(`${sidecar}.part`, sidecar);
      } catch (error) {
        await truncate(path, offsets.local).catch(() => {});
        throw createLocalDiskError(path, error);
      }
      offsets = next;
      return next;
    },
  };
}

/** Reads the offsets of the sidecar file; both are 0 if it is missing or damaged. */
async function readOffsets(sidecar: string): Promise<LogOffsets> {
  try {
    const { attempt = 1, raw, local } = JSON.parse(await readFile(sidecar, "utf8")) as LogOffsets;
    if ([attempt, raw, local].every(Number.isSafeInteger)) return { attempt, raw, local };
  } catch {
    // Nothing was read yet.
  }
  return { raw: 0, local: 0 };
}

import { appendFile, readFile, rename, stat, truncate, writeFile } from "node:fs/promises";
import { ensureWritable } from "../state/ensure-writable.ts";
import { createLocalDiskError } from "../state/local-disk.ts";

/** How far the log is: `raw` bytes of the machine's log are in the first `local` bytes of ours. */
interface LogOffsets {
  /** The attempt whose log is followed; missing for the first. Each machine has a log of its own. */
  readonly attempt?: number;
  readonly raw: number;
  readonly local: number;
}

/** The training's log on this computer, masked. Masking changes lengths, so both offsets are kept. */
export interface LocalLog {
  readonly offsets: LogOffsets;
  /** Adds what was made of the machine's bytes up to `raw`. */
  append(bytes: Uint8Array, raw: number): Promise<LogOffsets>;
}

/**
 * Opens the log where the last process left it: it is cut to what the sidecar vouches for, so that a process killed
 * between the two writes leaves no line twice and none out. The log of another attempt is added to what the earlier ones left.
 */
export async function openLocalLog(path: string, sidecar: string, attempt = 1): Promise<LocalLog> {
  for (const file of [path, sidecar]) {
    await ensureWritable(file).catch((error) => {
      throw createLocalDiskError(file, error);
    });
  }
  const { size } = await stat(path);
  const noted = await readOffsets(sidecar);
  // Shorter than noted: power was lost before the log reached the disk. All of it is still on the machine.
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

/** `{ raw: 0, local: 0 }` when there is none, or none that can be read. */
async function readOffsets(sidecar: string): Promise<LogOffsets> {
  try {
    const { attempt = 1, raw, local } = JSON.parse(await readFile(sidecar, "utf8")) as LogOffsets;
    if ([attempt, raw, local].every(Number.isSafeInteger)) return { attempt, raw, local };
  } catch {
    // No sidecar: nothing was read yet.
  }
  return { raw: 0, local: 0 };
}

import { appendFile, readFile, rename, stat, truncate, writeFile } from "node:fs/promises";
import { ensureWritable } from "../state/ensure-writable.ts";
import { createLocalDiskError } from "../state/local-disk.ts";

/** How far the log is: `raw` bytes of the machine's log are in the first `local` bytes of ours. */
interface LogOffsets {
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
 * between the two writes leaves no line twice and none out.
 */
export async function openLocalLog(path: string, sidecar: string): Promise<LocalLog> {
  for (const file of [path, sidecar]) {
    await ensureWritable(file).catch((error) => {
      throw createLocalDiskError(file, error);
    });
  }
  const { size } = await stat(path);
  const noted = await readOffsets(sidecar);
  // Shorter than noted: power was lost before the log reached the disk. All of it is still on the machine.
  let offsets = size < noted.local ? { raw: 0, local: 0 } : noted;
  await truncate(path, offsets.local);
  return {
    get offsets() {
      return offsets;
    },
    async append(bytes, raw) {
      const next = { raw, local: offsets.local + bytes.length };
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
    const { raw, local } = JSON.parse(await readFile(sidecar, "utf8")) as LogOffsets;
    if (Number.isSafeInteger(raw) && Number.isSafeInteger(local)) return { raw, local };
  } catch {
    // No sidecar: nothing was read yet.
  }
  return { raw: 0, local: 0 };
}

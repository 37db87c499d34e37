import { type FileHandle, open } from "node:fs/promises";

/** The longest comment at the end of a zip, with the record before it. */
const zipTailBytes = 22 + 0xffff;
const longestSafetensorsHeader = 100e6;

/**
 * Returns whether a downloaded file is complete, as far as its format tells: a zip (torch, Keras, NumPy) ends with its directory, a
 * safetensors file is as long as its header says, and a pickle ends with its last instruction. Any other file must only not be empty.
 */
export async function isCompleteModel(localPath: string): Promise<boolean> {
  const file = await open(localPath).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size === 0) return false;
    if (localPath.endsWith(".safetensors")) return await isCompleteSafetensors(file, found.size);
    const start = await read(file, 0, 4);
    if (start.length === 4 && start.readUInt32LE() === 0x04034b50)
      return await isCompleteZip(file, found.size);
    if (/\.(?:pkl|pickle|joblib)$/.test(localPath) && start[0] === 0x80)
      return (await read(file, found.size - 1, 1)).toString() === ".";
    return true;
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

async function isCompleteZip(file: FileHandle, size: number): Promise<boolean> {
  const length = Math.min(size, zipTailBytes);
  const tail = await read(file, size - length, length);
  for (let at = length - 22; at >= 0; at--)
    if (tail.readUInt32LE(at) === 0x06054b50 && at + 22 + tail.readUInt16LE(at + 20) === length) return true;
  return false;
}

async function isCompleteSafetensors(file: FileHandle, size: number): Promise<boolean> {
  const headerBytes = Number((await read(file, 0, 8)).readBigUInt64LE());
  if (headerBytes > Math.min(size, longestSafetensorsHeader)) return false;
  const header: unknown = JSON.parse((await read(file, 8, headerBytes)).toString("utf8"));
  const ends = Object.values(header as Readonly<Record<string, { data_offsets?: readonly number[] }>>).map(
    ({ data_offsets: [, end = 0] = [] }) => end,
  );
  return size === ends.reduce((most, end) => Math.max(most, end), 0) + 8 + headerBytes;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

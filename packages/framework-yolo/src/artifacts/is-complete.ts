import { open, stat } from "node:fs/promises";
import { promisify } from "node:util";
import yauzl, { type Options, type ZipFile } from "yauzl";

/** Entries of a file written by `torch.save`: a zip with one folder that holds the pickled model and its tensors. */
const expectedEntries = [/^[^/]+\/data\.pkl$/, /^[^/]+\/data\/\d+$/, /^[^/]+\/version$/];

const openZip: (path: string, options: Options) => Promise<ZipFile> = promisify(yauzl.open);

/**
 * Returns whether a `.pt` file is a complete model: all entries of its zip lie within the file. Reads the zip's
 * directory, not the tensors.
 */
export async function isCompleteModel(localPath: string): Promise<boolean> {
  const found = await stat(localPath).catch(() => undefined);
  if (!found?.isFile() || !(await startsWithZipHeader(localPath))) return false;
  let zip: ZipFile;
  try {
    zip = await openZip(localPath, { lazyEntries: true, autoClose: false });
  } catch {
    // A zip's directory is written last, so a truncated file has none.
    return false;
  }
  try {
    const names = await readEntryNames(zip, found.size);
    return expectedEntries.every((pattern) => names.some((name) => pattern.test(name)));
  } catch {
    // The directory is corrupt.
    return false;
  } finally {
    zip.close();
  }
}

/**
 * Returns whether the file starts with a zip header. The zip's directory alone would not reveal bytes inserted before
 * it.
 */
async function startsWithZipHeader(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50;
  } finally {
    await handle.close();
  }
}

function readEntryNames(zip: ZipFile, sizeBytes: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const names: string[] = [];
    zip.on("error", reject);
    zip.on("end", () => resolve(names));
    zip.on("entry", (entry) => {
      if (entry.relativeOffsetOfLocalHeader + entry.compressedSize > sizeBytes) {
        reject(new Error(`${entry.fileName} extends beyond the end of the file.`));
        return;
      }
      names.push(entry.fileName);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

import { open, stat } from "node:fs/promises";
import { promisify } from "node:util";
import yauzl, { type Options, type ZipFile } from "yauzl";

/** What torch leaves behind: a zip, in whose one folder the pickled model and its tensors are. */
const expectedEntries = [/^[^/]+\/data\.pkl$/, /^[^/]+\/data\/\d+$/, /^[^/]+\/version$/];

const openZip: (path: string, options: Options) => Promise<ZipFile> = promisify(yauzl.open);

/** Whether a `.pt` is a whole model: its zip has all its entries, within the file. Reads the directory, not the tensors. */
export async function isCompleteModel(localPath: string): Promise<boolean> {
  const found = await stat(localPath).catch(() => undefined);
  if (!found?.isFile() || !(await startsWithZipHeader(localPath))) return false;
  let zip: ZipFile;
  try {
    zip = await openZip(localPath, { lazyEntries: true, autoClose: false });
  } catch {
    // The directory is written last: no directory, no whole file.
    return false;
  }
  try {
    const names = await readEntryNames(zip, found.size);
    return expectedEntries.every((pattern) => names.some((name) => pattern.test(name)));
  } catch {
    // A directory that cannot be right.
    return false;
  } finally {
    zip.close();
  }
}

/** The directory tells by itself where the file begins; something that was put before it would not be seen there. */
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
        reject(new Error(`${entry.fileName} lies behind the end of the file.`));
        return;
      }
      names.push(entry.fileName);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

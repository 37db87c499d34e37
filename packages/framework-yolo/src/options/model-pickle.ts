import { promisify } from "node:util";
import yauzl, { type Options, type ZipFile } from "yauzl";

const maxBytes = 64e6;

/**
 * Reads the pickle of a `.pt` file, which contains the model without its tensors. It must never be loaded, because it
 * could run code.
 */
export async function readPickle(path: string): Promise<Buffer> {
  const open: (path: string, options: Options) => Promise<ZipFile> = promisify(yauzl.open);
  return extractPickle(await open(path, { lazyEntries: true, autoClose: true }));
}

function extractPickle(zip: ZipFile): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", () => reject(new Error("There is no data.pkl in it.")));
    zip.on("entry", (entry) => {
      if (!/^[^/]+\/data\.pkl$/.test(entry.fileName) || entry.uncompressedSize > maxBytes)
        return zip.readEntry();
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const parts: Buffer[] = [];
        stream.on("error", reject);
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("end", () => {
          zip.close();
          resolve(Buffer.concat(parts));
        });
      });
    });
    zip.readEntry();
  });
}

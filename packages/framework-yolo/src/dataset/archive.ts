import { createHash } from "node:crypto";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { formatBytes } from "@unitrain/core/spec";
import { type Entry, type Options, open, type ZipFile } from "yauzl";
import { createDatasetError } from "./find-yaml.ts";
import { formatPath } from "./findings.ts";
import type { Yielder } from "./yielder.ts";

/** Images hardly compress. An archive that grows by more than this factor, beyond the first gigabyte, is a zip bomb. */
const maxGrowthFactor = 100;
const harmlessBytes = 1024 ** 3;
const maxFiles = 5_000_000;
const spareBytes = 1024 ** 3;

/**
 * Unpacks a zip, such as Roboflow's, into a cache folder and returns that folder; an unchanged zip is unpacked only
 * once. Throws `INVALID_DATASET` for a zip with paths outside the folder or links, and for one that is damaged or too
 * large.
 */
export async function unpackZip(zip: string, yielder: Yielder, cache = getCacheFolder()): Promise<string> {
  const folder = await unpackIntoCache(zip, yielder, cache);
  const [only, ...others] = readdirSync(folder, { withFileTypes: true });
  // Some file hosts wrap a zip in another zip; one level is supported.
  return only?.isFile() && others.length === 0 && /\.zip$/i.test(only.name)
    ? unpackIntoCache(join(folder, only.name), yielder, cache)
    : folder;
}

async function unpackIntoCache(zip: string, yielder: Yielder, cache: string): Promise<string> {
  const { size, mtimeMs } = statSync(zip);
  const key = createHash("sha256").update(`${zip}\0${size}\0${mtimeMs}`).digest("hex").slice(0, 24);
  const folder = join(cache, key);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished-${process.pid}`;
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  try {
    await extract(zip, size, unfinished, yielder);
    renameSync(unfinished, folder);
    return folder;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (existsSync(folder)) return folder;
    throw error;
  }
}

const getCacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "unitrain/1/datasets");

async function extract(zip: string, zipBytes: number, folder: string, yielder: Yielder): Promise<void> {
  const refuse = (reason: string, cause?: unknown) =>
    createDatasetError(
      `Cannot unpack ${formatPath(zip)}: ${reason}.`,
      "Unpack it, then name its folder.",
      cause,
    );
  let opened: ZipFile;
  try {
    // The library rejects absolute names, names with `..`, and entries larger than declared.
    opened = await openZip(zip, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
  } catch (cause) {
    throw refuse((cause as Error).message, cause);
  }
  try {
    if (opened.entryCount > maxFiles) throw refuse(`it has ${opened.entryCount} files`);
    const entries: Entry[] = [];
    let bytes = 0;
    for (const entry of await readEntries(opened)) {
      if (entry.fileName.endsWith("/") || isIgnored(entry.fileName)) continue;
      if (isLink(entry)) throw refuse(`${entry.fileName} is a link`);
      bytes += entry.uncompressedSize;
      entries.push(entry);
    }
    if (bytes > Math.max(harmlessBytes, zipBytes * maxGrowthFactor))
      throw refuse(`its ${zipBytes} bytes would expand to ${bytes}`);
    const { bavail, bsize } = statfsSync(folder);
    if (bytes + spareBytes > bavail * bsize)
      throw refuse(`it needs ${formatBytes(bytes)}, and ${dirname(folder)} does not have enough free space`);
    for (const entry of entries) {
      await yielder.step();
      const path = resolve(folder, entry.fileName);
      if (!path.startsWith(folder + sep)) throw refuse(`${entry.fileName} is outside its folder`);
      mkdirSync(dirname(path), { recursive: true });
      // The flag `wx` rejects duplicate names in the zip.
      const content = await promisify(opened.openReadStream.bind(opened) as OpenEntry)(entry);
      await pipeline(content, createWriteStream(path, { flags: "wx" }));
    }
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "INVALID_DATASET") throw cause;
    throw refuse((cause as Error).message, cause);
  } finally {
    opened.close();
  }
}

type OpenEntry = (entry: Entry, done: (error: Error | null, stream: Readable) => void) => void;
const openZip = promisify<string, Options, ZipFile>(open);

function readEntries(opened: ZipFile): Promise<readonly Entry[]> {
  return new Promise((fulfil, reject) => {
    const entries: Entry[] = [];
    opened.on("entry", (entry: Entry) => {
      entries.push(entry);
      opened.readEntry();
    });
    opened.once("end", () => fulfil(entries));
    opened.once("error", reject);
    opened.readEntry();
  });
}

const isIgnored = (name: string): boolean => name.startsWith("__MACOSX/") || name.endsWith("/.DS_Store");

/** Returns whether an entry is a symbolic link. The upper half of its attributes holds the Unix file mode. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

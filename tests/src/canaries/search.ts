import type { Dirent } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { type Canary, listCanaryForms } from "./canary.ts";
import { decompressAll } from "./decompress.ts";

const deepestNesting = 4;

/** One canary that was found where it must not be. */
export interface Leak {
  readonly place: string;
  readonly form: string;
  readonly where: string;
}

/** A search for canaries in everything that was written. */
export interface CanarySearch {
  /** Finds canaries in bytes, and in everything compressed within them. */
  bytes(where: string, bytes: Uint8Array | string): Leak[];
  /** Finds canaries in a value as JSON and as `util.inspect` shows it; of an error in its causes, stacks and hidden properties too. */
  value(where: string, value: unknown): Leak[];
  /** Finds canaries in many values. */
  values(values: readonly (readonly [where: string, value: unknown])[]): Leak[];
  /** Finds canaries in the names and the content of all files below a folder. */
  folder(folder: string): Promise<{ readonly leaks: Leak[]; readonly files: readonly string[] }>;
}

export function createSearch(canaries: readonly Canary[]): CanarySearch {
  const forms = canaries.map((canary) => ({ place: canary.place, forms: listCanaryForms(canary) }));
  const searchBytes = (where: string, bytes: Buffer, depth = 0): Leak[] => {
    const leaks = forms.flatMap(({ place, forms: all }) => {
      const found = all.find((form) => bytes.includes(form.bytes));
      return found === undefined ? [] : [{ place, form: found.name, where }];
    });
    if (depth === deepestNesting) return leaks;
    for (const content of decompressAll(bytes))
      leaks.push(...searchBytes(`${where} (decompressed)`, content, depth + 1));
    return leaks;
  };
  const search: CanarySearch = {
    bytes: (where, bytes) =>
      searchBytes(where, typeof bytes === "string" ? Buffer.from(bytes, "utf8") : Buffer.from(bytes)),
    value: (where, value) => showValue(where, value).flatMap(([shown, text]) => search.bytes(shown, text)),
    values(values) {
      const shown = values.flatMap(([where, value]) => showValue(where, value));
      // Nearly always there is no canary, and one search of everything says so.
      if (search.bytes("", shown.map(([, text]) => text).join("\n")).length === 0) return [];
      return shown.flatMap(([where, text]) => search.bytes(where, text));
    },
    async folder(folder) {
      const leaks: Leak[] = [];
      const files: string[] = [];
      for (const entry of await listEntries(folder)) {
        const path = join(entry.parentPath, entry.name);
        leaks.push(...search.bytes(`the name of ${path}`, path));
        if (entry.isSymbolicLink())
          leaks.push(...search.bytes(`the link ${path}`, await readlink(path).catch(() => "")));
        if (!entry.isFile()) continue;
        files.push(path);
        // Files appear and disappear during a run.
        leaks.push(...search.bytes(path, await readFile(path).catch(() => "")));
      }
      return { leaks, files };
    },
  };
  return search;
}

function showValue(where: string, value: unknown): readonly (readonly [where: string, text: string])[] {
  return [
    [`${where} as JSON`, toJson(value)],
    [`${where} inspected`, inspect(value, everything)],
  ];
}

/** Lists leaks as sentences, each once and without what differs between two runs. */
export function describeLeaks(leaks: readonly Leak[]): readonly string[] {
  const sentences = leaks.map(({ place, form, where }) => {
    const shown = where
      .replace(/\/.*?(?=\/(?:home|out)\/)/g, "")
      .replaceAll(/(?<=\/(?:runs|leases)\/)[^/]+/g, "…");
    return `${place} (${form}) is in ${shown}`;
  });
  return [...new Set(sentences)].toSorted();
}

const everything = {
  depth: Number.POSITIVE_INFINITY,
  showHidden: true,
  maxArrayLength: Number.POSITIVE_INFINITY,
  maxStringLength: Number.POSITIVE_INFINITY,
  // Lines that are broken could hide a value.
  breakLength: Number.POSITIVE_INFINITY,
};

/** Lists everything below a folder without following links. `readdir` follows them on some versions of Node.js if it is recursive. */
async function listEntries(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(({ name }) => listEntries(join(folder, name))),
  );
  return [...entries, ...below.flat()];
}

function toJson(value: unknown): string {
  const seen = new WeakSet<object>();
  return (
    JSON.stringify(value, (_key, entry: unknown) => {
      if (typeof entry !== "object" || entry === null)
        return typeof entry === "bigint" ? String(entry) : entry;
      if (seen.has(entry)) return "[seen]";
      seen.add(entry);
      return entry;
    }) ?? ""
  );
}

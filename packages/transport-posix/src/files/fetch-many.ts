import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { CallContext, FileToFetch } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { absolutePath } from "../machine/paths.ts";
import { sha256Script } from "../machine/sha256-script.ts";
import { lost } from "../script/failures.ts";
import { heard } from "../script/heard.ts";
import { collect } from "../script/run-script.ts";
import { tooMuch } from "../script/too-much.ts";
import { onLocalDisk } from "./local-disk.ts";
import { readTar } from "./read-tar.ts";

/** Larger ones are fetched by themselves, where a cut download goes on. */
const largestFileBytes = 4 * 1024 * 1024;
const longestSumBytes = 16 * 1024;
const silenceMs = 120_000;

/**
 * Downloads many small files in one stream: first the sha256 of each, then an archive of them, so that every file is compared and
 * written as it comes. One that is missing or differs is left to its caller.
 */
export async function fetchMany(
  machine: ConnectedMachine,
  files: readonly FileToFetch[],
  { signal }: Pick<CallContext, "signal">,
  saved: (file: FileToFetch, sha256: string) => void,
): Promise<void> {
  const wanted = new Map(files.filter(canBeListed).map((request) => [`.${request.file.path}`, request]));
  if (wanted.size === 0) return;
  const list = Buffer.from([...wanted.keys()].map((path) => `${path}\n`).join(""), "utf8");
  const running = await machine.shells.dedicated.open(fetchManyScript(), { stdin: list, signal });
  const words = collect(running.stderr);
  words.catch(() => {});
  try {
    const stream = rest(heard(running.stdout, silenceMs, signal));
    const sums = await sumsIn(stream, wanted.size);
    for await (const { path, content } of readTar(stream, largestFileBytes)) {
      const request = wanted.get(path.startsWith("./") ? path : `./${path}`);
      if (request === undefined) continue;
      wanted.delete(`.${request.file.path}`);
      const sha256 = hash("sha256", content);
      if (sums.get(`.${request.file.path}`) !== sha256) continue;
      await onLocalDisk(request.localPath, async () => write(request.localPath, content));
      saved(request, sha256);
    }
    if ((await running.exitCode) !== 0) throw lost("Files could not be fetched together", await words);
  } finally {
    running.end();
  }
}

/** tar and sha256sum read a list by lines, and take a backslash for the beginning of another character. */
function canBeListed({ file }: FileToFetch): boolean {
  absolutePath(file.path);
  return file.sizeBytes <= largestFileBytes && !/[\n\r\\]/.test(file.path);
}

/** Synchronous, and without a temporary name: 100,000 small files would wait longer for promises than for the disk. */
function write(localPath: string, content: Buffer): void {
  mkdirSync(dirname(localPath), { recursive: true });
  writeFileSync(localPath, content);
}

function fetchManyScript(): string {
  return `
LC_ALL=C; export LC_ALL
cd / || exit 120
${sha256Script}
list=$(cat)
[ -n "$sha256" ] || exit 1
printf '%s\\n' "$list" | tr '\\n' '\\0' | xargs -0 $sha256 2>/dev/null
echo
# A file that is missing or changes is not a failure of the others.
printf '%s\\n' "$list" | tar -cf - -T - 2>/dev/null
exit 0
`;
}

/** The lines `<sha256> *<path>` up to an empty one. */
async function sumsIn(stream: ByteStream, mostFiles: number): Promise<ReadonlyMap<string, string>> {
  const sums = new Map<string, string>();
  for (let lines = 0; ; lines += 1) {
    if (lines > mostFiles) throw tooMuch("The list of checksums", `${mostFiles} lines`);
    const line = await stream.line();
    if (line === "") return sums;
    sums.set(line.slice(66), line.slice(0, 64));
  }
}

interface ByteStream extends AsyncIterable<Buffer> {
  line(): Promise<string>;
}

/** A stream that can be read by lines first, and by chunks then. */
function rest(stream: AsyncIterable<Buffer>): ByteStream {
  const chunks = stream[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  return {
    async line() {
      while (true) {
        const end = held.indexOf(10);
        if (end !== -1) {
          const line = held.toString("utf8", 0, end);
          held = held.subarray(end + 1);
          return line;
        }
        if (held.length > longestSumBytes) throw tooMuch("A checksum's line", `${longestSumBytes} bytes`);
        const next = await chunks.next();
        if (next.done) throw lost("The list of checksums ended in the middle");
        held = Buffer.concat([held, next.value]);
      }
    },
    async *[Symbol.asyncIterator]() {
      if (held.length > 0) yield held;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    },
  };
}

import { hash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { CallContext, FileToFetch } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { checkAbsolutePath } from "../machine/paths.ts";
import { sha256Script } from "../machine/sha256-script.ts";
import { connectionLostError } from "../script/failures.ts";
import { collect } from "../script/run-script.ts";
import { withSilenceTimeout } from "../script/silence-timeout.ts";
import { tooLargeError } from "../script/too-large.ts";
import { withLocalDiskErrors } from "./local-disk.ts";
import { readTar } from "./read-tar.ts";

/** Larger files are fetched one at a time, because only such a download can be resumed. */
const maxFileBytes = 4 * 1024 * 1024;
const maxLineBytes = 16 * 1024;
const silenceMs = 120_000;

/**
 * Downloads many small files in one stream: first the sha256 of each file, then a tar archive, so that each file is checked and
 * written as it arrives. Does not call `onSaved` for a file that is missing or differs; the caller fetches it alone.
 */
export async function fetchMany(
  machine: ConnectedMachine,
  files: readonly FileToFetch[],
  { signal }: Pick<CallContext, "signal">,
  onSaved: (file: FileToFetch, sha256: string) => void,
): Promise<void> {
  const pending = new Map(files.filter(canBeListed).map((request) => [`.${request.file.path}`, request]));
  if (pending.size === 0) return;
  const list = Buffer.from([...pending.keys()].map((path) => `${path}\n`).join(""), "utf8");
  const running = await machine.shells.dedicated.open(buildFetchManyScript(), { stdin: list, signal });
  const errorOutput = collect(running.stderr);
  errorOutput.catch(() => {});
  try {
    const stream = createByteStream(withSilenceTimeout(running.stdout, silenceMs, signal));
    const checksums = await readChecksums(stream, pending.size);
    for await (const { path, content } of readTar(stream, maxFileBytes)) {
      const request = pending.get(path.startsWith("./") ? path : `./${path}`);
      if (request === undefined) continue;
      pending.delete(`.${request.file.path}`);
      const sha256 = hash("sha256", content);
      if (checksums.get(`.${request.file.path}`) !== sha256) continue;
      await withLocalDiskErrors(request.localPath, async () => writeContent(request.localPath, content));
      onSaved(request, sha256);
    }
    if ((await running.exitCode) !== 0)
      throw connectionLostError("Cannot download the files in one stream", await errorOutput);
  } finally {
    running.cancel();
  }
}

/** Whether the name can stand in a list: tar and sha256sum read one name per line, and treat a backslash as an escape. */
function canBeListed({ file }: FileToFetch): boolean {
  checkAbsolutePath(file.path);
  return file.sizeBytes <= maxFileBytes && !/[\n\r\\]/.test(file.path);
}

/** Writes synchronously and without a temporary name: for 100,000 small files, promises would cost more time than the disk. */
function writeContent(localPath: string, content: Buffer): void {
  mkdirSync(dirname(localPath), { recursive: true });
  writeFileSync(localPath, content);
}

function buildFetchManyScript(): string {
  return `
LC_ALL=C; export LC_ALL
cd / || exit 120
${sha256Script}
list=$(cat)
[ -n "$sha256" ] || exit 1
printf '%s\\n' "$list" | tr '\\n' '\\0' | xargs -0 $sha256 2>/dev/null
echo
# A file that is missing or changes must not fail the others.
printf '%s\\n' "$list" | tar -cf - -T - 2>/dev/null
exit 0
`;
}

/** Reads the lines `<sha256> *<path>` up to an empty line. */
async function readChecksums(stream: ByteStream, maxFiles: number): Promise<ReadonlyMap<string, string>> {
  const checksums = new Map<string, string>();
  for (let lines = 0; ; lines += 1) {
    if (lines > maxFiles) throw tooLargeError("The list of checksums", `${maxFiles} lines`);
    const line = await stream.line();
    if (line === "") return checksums;
    checksums.set(line.slice(66), line.slice(0, 64));
  }
}

interface ByteStream extends AsyncIterable<Buffer> {
  line(): Promise<string>;
}

/** Wraps a stream that is read by lines first, and by chunks afterwards. */
function createByteStream(stream: AsyncIterable<Buffer>): ByteStream {
  const chunks = stream[Symbol.asyncIterator]();
  let buffered: Buffer = Buffer.alloc(0);
  return {
    async line() {
      while (true) {
        const end = buffered.indexOf(10);
        if (end !== -1) {
          const line = buffered.toString("utf8", 0, end);
          buffered = buffered.subarray(end + 1);
          return line;
        }
        if (buffered.length > maxLineBytes) throw tooLargeError("A checksum's line", `${maxLineBytes} bytes`);
        const next = await chunks.next();
        if (next.done) throw connectionLostError("The list of checksums is incomplete");
        buffered = Buffer.concat([buffered, next.value]);
      }
    },
    async *[Symbol.asyncIterator]() {
      if (buffered.length > 0) yield buffered;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    },
  };
}

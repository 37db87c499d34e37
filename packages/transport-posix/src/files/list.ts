import type { CallContext, RemoteFile } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { checkAbsolutePath } from "../machine/paths.ts";
import { commandFailedError } from "../script/failures.ts";
import { withWorkFolder } from "../script/open-script.ts";
import { quote } from "../script/quote.ts";
import { collect } from "../script/run-script.ts";
import { tooLargeError } from "../script/too-large.ts";

/** Yields the regular files below `root` as they are found. Leaves out folders that cannot be read and files that vanish meanwhile. */
export async function* listFiles(
  machine: ConnectedMachine,
  root: string,
  { signal, showStatus }: Pick<CallContext, "signal" | "showStatus">,
): AsyncGenerator<RemoteFile> {
  const script = withWorkFolder(machine.workFolder, buildListScript(checkAbsolutePath(root)));
  const running = await machine.shells.dedicated.open(script, { signal });
  const errorOutput = collect(running.stderr);
  errorOutput.catch(() => {});
  let undecodableNames = 0;
  try {
    for await (const [path, size, modified] of readEntries(running.stdout)) {
      const file = toRemoteFile(path, size, modified);
      if (file === undefined) undecodableNames += 1;
      else yield file;
    }
    const exitCode = await running.exitCode;
    if (exitCode !== 0) throw commandFailedError(`list ${root}`, exitCode, await errorOutput);
    if (undecodableNames > 0)
      showStatus(`${undecodableNames} files below ${root} are left out: their names are not UTF-8`);
  } finally {
    running.cancel();
  }
}

/** Builds a script that prints `path NUL size NUL seconds NUL` for each file: with GNU find alone, elsewhere with `stat` for each file. */
function buildListScript(root: string): string {
  return `
root=${quote(root)}
[ -d "$root" ] && [ ! -L "$root" ] || exit 0
[ -r "$root" ] && [ -x "$root" ] || { echo "$root cannot be read" >&2; exit 1; }
if find / -maxdepth 0 -printf '' 2>/dev/null; then
  find "$root" -type f -printf '%p\\0%s\\0%T@\\0' 2>/dev/null
else
  find "$root" -type f -exec /bin/sh -c '
    for file do
      stat=$(stat -c "%s %Y" -- "$file" 2>/dev/null || stat -f "%z %m" -- "$file" 2>/dev/null) || continue
      printf "%s\\0%s\\0%s\\0" "$file" "\${stat% *}" "\${stat#* }"
    done' sh {} + 2>/dev/null
fi
exit 0
`;
}

/** The most bytes of a path, a size and a time together: 16 times the longest path of Linux. */
const maxEntryBytes = 64 * 1024;

type EntryFields = readonly [path: Buffer, size: string, modified: string];

async function* readEntries(stream: AsyncIterable<Buffer>): AsyncGenerator<EntryFields> {
  let buffered: Buffer = Buffer.alloc(0);
  let fields: Buffer[] = [];
  for await (const chunk of stream) {
    buffered = Buffer.concat([...fields.flatMap((field) => [field, nul]), buffered, chunk]);
    fields = [];
    let from = 0;
    for (let at = buffered.indexOf(0); at !== -1; at = buffered.indexOf(0, from)) {
      fields.push(buffered.subarray(from, at));
      from = at + 1;
      const [path, size, modified] = fields;
      if (path === undefined || size === undefined || modified === undefined) continue;
      yield [path, size.toString("latin1"), modified.toString("latin1")];
      fields = [];
    }
    buffered = buffered.subarray(from);
    if (buffered.length + fields.reduce((sum, field) => sum + field.length, 0) > maxEntryBytes)
      throw tooLargeError("An entry in the machine's list of files", `${maxEntryBytes} bytes`);
  }
}

const nul = Buffer.alloc(1);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns undefined for a name that is not UTF-8: such a file could not be requested by its name. */
function toRemoteFile(path: Buffer, size: string, modified: string): RemoteFile | undefined {
  try {
    if (!/^\d+$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
    const modifiedAt = new Date(Math.floor(Number(modified) * 1000)).toISOString();
    return { path: utf8.decode(path), sizeBytes: Number(size), modifiedAt };
  } catch {
    return undefined;
  }
}

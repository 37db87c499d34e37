import { formatBytes } from "@unitrain/core/spec";
import { sha256Script } from "../machine/sha256-script.ts";
import { connectionLostError } from "../script/failures.ts";
import { quote } from "../script/quote.ts";
import { tooLargeError } from "../script/too-large.ts";

/** Exit codes of {@link fetchScript}. */
export const fileMissing = 50;
export const notRegularFile = 51;
export const noSha256Program = 52;

/**
 * Builds a script that prints the number of bytes to come, the bytes from `offset` on, and the sha256 of the whole file, all for the
 * size that the file has at the beginning: a file that grows meanwhile is still valid up to there.
 */
export function buildFetchScript(path: string, offset: number): string {
  return `
file=${quote(path)}
${sha256Script}
[ -L "$file" ] && exit ${notRegularFile}
[ -e "$file" ] || exit ${fileMissing}
[ -f "$file" ] || exit ${notRegularFile}
[ -n "$sha256" ] || exit ${noSha256Program}
set -- $(ls -lnd -- "$file")
size=$5
offset=${offset}
[ "$offset" -le "$size" ] || offset=$size
echo $((size - offset))
if [ "$offset" -eq 0 ]; then head -c "$size" -- "$file" || exit 1
elif [ "$offset" -lt "$size" ]; then tail -c "+$((offset + 1))" -- "$file" | head -c "$((size - offset))"
fi
head -c "$size" -- "$file" | sha256_of_input
`;
}

export type FetchReply =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "sha256"; readonly hex: string };

/** A sha256 with the end of its line. */
const maxTrailerBytes = 200;
const maxHeaderBytes = 32;

/** Parses the output of {@link buildFetchScript}. Throws when the content is larger than `maxBytes`. */
export async function* readFetchReply(
  stream: AsyncIterable<Buffer>,
  path: string,
  maxBytes: number,
): AsyncGenerator<FetchReply> {
  let header = "";
  let remainingBytes: number | undefined;
  let sha256 = "";
  for await (const chunk of stream) {
    let bytes = chunk;
    if (remainingBytes === undefined) {
      const headerEnd = bytes.indexOf(10);
      header += bytes.toString("latin1", 0, headerEnd === -1 ? bytes.length : headerEnd);
      if (header.length > maxHeaderBytes)
        throw tooLargeError(`The size of ${path}`, `a line of ${maxHeaderBytes} bytes`);
      if (headerEnd === -1) continue;
      remainingBytes = Number(header);
      if (!Number.isSafeInteger(remainingBytes) || remainingBytes < 0)
        throw connectionLostError("The machine sent a file in an unexpected format");
      if (remainingBytes > maxBytes)
        throw tooLargeError(path, `${formatBytes(maxBytes)}, by the size it was listed with`);
      bytes = bytes.subarray(headerEnd + 1);
    }
    const content = bytes.subarray(0, remainingBytes);
    if (content.length > 0) yield { kind: "bytes", bytes: content };
    remainingBytes -= content.length;
    sha256 += bytes.toString("latin1", content.length);
    if (sha256.length > maxTrailerBytes)
      throw tooLargeError(path, `the ${formatBytes(maxBytes)} that it was announced with`);
  }
  if (remainingBytes === 0) yield { kind: "sha256", hex: sha256.trim() };
}

import { formatBytes } from "@unitrain/core/spec";
import { sha256Script } from "../machine/sha256-script.ts";
import { lost } from "../script/failures.ts";
import { quote } from "../script/quote.ts";
import { tooMuch } from "../script/too-much.ts";

/** Exit codes of {@link fetchScript}. */
export const notThere = 50;
export const notRegular = 51;
export const noHash = 52;

/**
 * Says how many bytes come, the bytes from `offset` on, and the sha256 of the file as long as it was at the beginning: a file
 * that only grows is still itself.
 */
export function fetchScript(path: string, offset: number): string {
  return `
file=${quote(path)}
${sha256Script}
[ -L "$file" ] && exit ${notRegular}
[ -e "$file" ] || exit ${notThere}
[ -f "$file" ] || exit ${notRegular}
[ -n "$sha256" ] || exit ${noHash}
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

/** A sha256 and the end of its line. */
const longestTailBytes = 200;
const longestHeadBytes = 32;

/** Reads what {@link fetchScript} writes, and refuses more than \`mostBytes\` of content. */
export async function* readReply(
  stream: AsyncIterable<Buffer>,
  path: string,
  mostBytes: number,
): AsyncGenerator<FetchReply> {
  let head = "";
  let remainingBytes: number | undefined;
  let sha256 = "";
  for await (const chunk of stream) {
    let bytes = chunk;
    if (remainingBytes === undefined) {
      const line = bytes.indexOf(10);
      head += bytes.toString("latin1", 0, line === -1 ? bytes.length : line);
      if (head.length > longestHeadBytes)
        throw tooMuch(`The size of ${path}`, `a line of ${longestHeadBytes} bytes`);
      if (line === -1) continue;
      remainingBytes = Number(head);
      if (!Number.isSafeInteger(remainingBytes) || remainingBytes < 0)
        throw lost("A file that is fetched came in another form than was agreed on");
      if (remainingBytes > mostBytes)
        throw tooMuch(path, `${formatBytes(mostBytes)}, by the size it was listed with`);
      bytes = bytes.subarray(line + 1);
    }
    const content = bytes.subarray(0, remainingBytes);
    if (content.length > 0) yield { kind: "bytes", bytes: content };
    remainingBytes -= content.length;
    sha256 += bytes.toString("latin1", content.length);
    if (sha256.length > longestTailBytes)
      throw tooMuch(path, `the ${formatBytes(mostBytes)} that it was announced with`);
  }
  if (remainingBytes === 0) yield { kind: "sha256", hex: sha256.trim() };
}

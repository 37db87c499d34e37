import { Readable } from "node:stream";
import type { ExecOptions } from "../executor/executor.ts";

/** Standard input of a script: all bytes, or chunks as they are produced. */
export type ScriptInput = Uint8Array | AsyncIterable<Uint8Array>;

/** Many machines refuse a command line over 128 KiB, and in octal a byte takes up to four characters. */
const maxScriptBytes = 24 * 1024;

/** Sends a script that is too long for a command line ahead of its input. `dd` reads it, because `head` may read more bytes than asked. */
export function moveLongScriptToInput(
  script: string,
  stdin: ScriptInput | undefined,
): { readonly script: string; readonly stdin?: ScriptInput | undefined } {
  const bytes = Buffer.from(script, "utf8");
  if (bytes.length < maxScriptBytes) return { script, stdin };
  async function* scriptThenInput() {
    yield bytes;
    if (stdin instanceof Uint8Array) yield stdin;
    else if (stdin !== undefined) yield* stdin;
  }
  const reader = `if dd iflag=fullblock count=0 < /dev/null > /dev/null 2>&1
then block='bs=${bytes.length} count=1 iflag=fullblock'
else block='bs=1 count=${bytes.length}'
fi
eval "$(dd $block 2>/dev/null)"`;
  return { script: reader, stdin: scriptThenInput() };
}

/** Converts the input for an executor. `onError` gets only errors of the source: a command that stops reading is not a failure. */
export function createFeed(
  stdin: ScriptInput | undefined,
  onError: (error: unknown) => void,
): NonNullable<ExecOptions["stdin"]> | undefined {
  if (stdin === undefined || stdin instanceof Uint8Array) return stdin;
  const source = stdin[Symbol.asyncIterator]();
  async function* readSource() {
    try {
      while (true) {
        const next = await source.next().catch((error: unknown) => {
          onError(error);
          throw error;
        });
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await source.return?.();
    }
  }
  const feed = Readable.from(readSource(), { objectMode: false, highWaterMark: 256 * 1024 });
  feed.on("error", () => {});
  return feed;
}

import { Readable } from "node:stream";
import type { ExecOptions } from "../executor/executor.ts";

/** What a script reads: bytes, or pieces as they are made. */
export type ScriptInput = Uint8Array | AsyncIterable<Uint8Array>;

/** A command line over 128 KiB fails on many machines, and in octal every byte may be four characters. */
const maxScriptBytes = 24 * 1024;

/** A script too long for a command line goes ahead of its own input; `dd` takes not one byte more, which `head` may. */
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

/** The input as an executor takes it. `failed` is told only what the source itself throws: a command that wants no more is not a failure. */
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

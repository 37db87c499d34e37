import type { Readable } from "node:stream";

/** A control character that output hardly ever holds: nearly nothing has to be held back while the end is looked for. */
const mark = "\x1e";
const noiseBytes = 2048;
const maxStatusBytes = 64;

/**
 * The script between marks on both streams, so that what a login shell says before it is known as noise, and a stream
 * that was cut is known as cut. A subshell, so that an `exit` in it cannot skip the end; its status is told on stderr.
 */
export function frameScript(script: string, nonce: string): string {
  // In two pieces: a shell that echoes its commands must not write the mark itself.
  const pieces = `${nonce.slice(0, 8)} ${nonce.slice(8)}`;
  return [
    `printf '\\036%s%s(' ${pieces}; printf '\\036%s%s(' ${pieces} >&2`,
    "(",
    script,
    ")",
    "unitrain_status=$?",
    `printf '\\036%s%s)0\\n' ${pieces}; printf '\\036%s%s)%s\\n' ${pieces} "$unitrain_status" >&2`,
    'exit "$unitrain_status"',
  ].join("\n");
}

/** What lay between the marks of one stream. */
export interface Unframed {
  /** To be read once, to its end: nothing is buffered. */
  readonly bytes: AsyncIterable<Buffer>;
  /** After `bytes` was read: the status at the end mark; undefined when that never came. */
  readonly status: Promise<number | undefined>;
  /** The end of what came before the start mark. */
  noise(): string;
}

/** With `staysOpen` more scripts say something on the same stream, so it is left as it is when this one has ended. */
export function unframe(stream: Readable, nonce: string, staysOpen = false): Unframed {
  const start = Buffer.from(`${mark}${nonce}(`);
  const end = Buffer.from(`${mark}${nonce})`);
  const stopKeeping = keepUnread(stream, staysOpen);
  let noise: Buffer = Buffer.alloc(0);
  let settle: (status: number | undefined) => void = () => {};
  const status = new Promise<number | undefined>((resolve) => {
    settle = resolve;
  });

  async function* read(): AsyncGenerator<Buffer> {
    let hasStarted = false;
    let buffered: Buffer = Buffer.alloc(0);
    let foundStatus: number | undefined;
    try {
      for await (const chunk of readChunks(stream)) {
        buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
        if (!hasStarted) {
          const at = buffered.indexOf(start);
          noise = Buffer.concat([noise, at === -1 ? chunk : Buffer.alloc(0)]).subarray(-noiseBytes);
          if (at === -1) {
            buffered = Buffer.from(buffered.subarray(-start.length));
            continue;
          }
          hasStarted = true;
          buffered = buffered.subarray(at + start.length);
        }
        const at = buffered.indexOf(end);
        const readyBytes = at === -1 ? buffered.length - countHeldBackBytes(buffered, end) : at;
        if (readyBytes > 0) yield buffered.subarray(0, readyBytes);
        buffered = buffered.subarray(readyBytes);
        foundStatus = at === -1 ? undefined : parseStatus(buffered, end.length);
        // What goes on behind an end mark is not a status: nothing more is held back for it.
        if (foundStatus !== undefined || (at !== -1 && buffered.length > end.length + maxStatusBytes)) break;
      }
      // Whatever was cut off in the middle of an end mark is output as well.
      if (foundStatus === undefined && hasStarted && buffered.length > 0) yield buffered;
    } finally {
      settle(foundStatus);
      stopKeeping();
    }
  }
  return { bytes: read(), status, noise: () => noise.toString("utf8") };
}

/** How many bytes at the end of `held` may be the beginning of `end`. */
function countHeldBackBytes(buffered: Buffer, end: Buffer): number {
  const from = Math.max(0, buffered.length - end.length + 1);
  for (let at = buffered.indexOf(end[0] ?? 0, from); at !== -1; at = buffered.indexOf(end[0] ?? 0, at + 1)) {
    if (buffered.subarray(at).equals(end.subarray(0, buffered.length - at))) return buffered.length - at;
  }
  return 0;
}

function parseStatus(buffered: Buffer, offset: number): number | undefined {
  const lineEnd = buffered.indexOf(10, offset);
  return lineEnd === -1 ? undefined : Number(buffered.toString("latin1", offset, lineEnd));
}

/** Like iterating the stream itself, which would destroy it at the end: of an SSH channel that ends stderr too. */
async function* readChunks(stream: Readable): AsyncGenerator<Buffer> {
  while (true) {
    const chunk: Buffer | null = stream.read();
    if (chunk !== null) yield chunk;
    else if (stream.readableEnded || stream.destroyed) return;
    else await waitForMore(stream);
  }
}

function waitForMore(stream: Readable): Promise<void> {
  const events = ["readable", "end", "close", "error"];
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

/** Held back until it is read: of a child that has ended, node throws away what nobody seems to listen to. */
function keepUnread(stream: Readable, staysOpen: boolean): () => void {
  const listener = () => {};
  stream.on("readable", listener);
  stream.on("error", listener);
  return () => {
    stream.off("readable", listener);
    if (staysOpen) stream.off("error", listener);
    else stream.resume();
  };
}

import type { Readable } from "node:stream";

/** A control character that output rarely contains, so that hardly any output is held back while the end mark is searched. */
const mark = "\x1e";
const noiseBytes = 2048;
const maxStatusBytes = 64;

/**
 * Puts marks around the output of a script on both streams, so that messages of a login shell before it are recognized as noise, and
 * a stream without its end mark as cut off. The script runs in a subshell, so that an `exit` cannot skip the end mark; its exit code
 * is printed on stderr.
 */
export function frameScript(script: string, nonce: string): string {
  // In two pieces, so that a shell that echoes its commands does not print the mark itself.
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

/** The output between the marks of one stream. */
export interface Unframed {
  /** Must be read once, to its end: nothing is buffered. */
  readonly bytes: AsyncIterable<Buffer>;
  /** Resolves once `bytes` was read: the status at the end mark, or undefined when the mark never came. */
  readonly status: Promise<number | undefined>;
  /** Returns the end of the output before the start mark. */
  noise(): string;
}

/** Extracts the output between the marks. With `staysOpen`, later scripts use the same stream, so it is not drained at the end. */
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
        // A long line after an end mark is not a status, so nothing more is held back for it.
        if (foundStatus !== undefined || (at !== -1 && buffered.length > end.length + maxStatusBytes)) break;
      }
      // A beginning of an end mark that was cut off is output as well.
      if (foundStatus === undefined && hasStarted && buffered.length > 0) yield buffered;
    } finally {
      settle(foundStatus);
      stopKeeping();
    }
  }
  return { bytes: read(), status, noise: () => noise.toString("utf8") };
}

/** Returns how many bytes at the end of `buffered` may be the beginning of `end`. */
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

/** Yields the chunks of a stream without destroying it at the end, which would also end the stderr of an SSH channel. */
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

/** Adds listeners until the stream is read: Node discards the output of an ended child that has no listener. */
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

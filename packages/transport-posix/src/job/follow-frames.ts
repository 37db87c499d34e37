import type { FollowPart } from "@unitrain/core/spec";
import { connectionLostError } from "../script/failures.ts";
import { maxFileBytes, maxPieceBytes } from "./follow-script.ts";

/** One message of the machine while a job is followed. */
export type FollowFrame = FollowPart | { readonly kind: "heartbeat" } | { readonly kind: "end" };

/** The most bytes of a header line: a letter and up to two numbers. */
const maxHeaderBytes = 128;
/** The longest path of a watched file, in hexadecimal. */
const maxPathHexChars = 2 * 4096;

/** Parses the output of {@link buildFollowScript}. Yields log bytes as they arrive, and a watched file once it is complete. */
export async function* readFollowFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<FollowFrame> {
  let buffered: Buffer = Buffer.alloc(0);
  let log: { offset: number; remainingBytes: number } | undefined;
  let file: { pathLength: number; length: number } | undefined;
  let pendingChunks: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of stream) {
    pendingChunks.push(chunk);
    pendingBytes += chunk.length;
    // Join the chunks of a file only once it is complete: joining after each chunk would take quadratic time.
    if (file !== undefined && pendingBytes <= file.length) continue;
    buffered = pendingChunks.length === 1 ? chunk : Buffer.concat(pendingChunks);
    while (buffered.length > 0) {
      if (log !== undefined) {
        const bytes = buffered.subarray(0, log.remainingBytes);
        yield { kind: "log", offset: log.offset, bytes };
        buffered = buffered.subarray(bytes.length);
        const remainingBytes = log.remainingBytes - bytes.length;
        log = remainingBytes === 0 ? undefined : { offset: log.offset + bytes.length, remainingBytes };
      } else if (file !== undefined) {
        // The file is followed by a line end.
        if (buffered.length <= file.length) break;
        yield decodeFile(buffered.toString("latin1", 0, file.length), file.pathLength);
        buffered = buffered.subarray(file.length + 1);
        file = undefined;
      } else {
        const lineEnd = buffered.subarray(0, maxHeaderBytes).indexOf(10);
        if (lineEnd === -1 && buffered.length >= maxHeaderBytes)
          throw tooLongError("A message header", `${maxHeaderBytes} bytes`);
        if (lineEnd === -1) break;
        const [kind, first, second] = buffered.toString("latin1", 0, lineEnd).split(" ");
        buffered = buffered.subarray(lineEnd + 1);
        if (kind === "L") {
          log = { offset: parseNumber(first), remainingBytes: parseNumber(second) };
          if (log.remainingBytes > maxPieceBytes)
            throw tooLongError("A part of the log", `${maxPieceBytes} bytes`);
        } else if (kind === "F") {
          file = { pathLength: parseNumber(first), length: parseNumber(first) + parseNumber(second) };
          if (file.pathLength > maxPathHexChars || file.length - file.pathLength > 2 * maxFileBytes)
            throw tooLongError("A watched file", `${maxFileBytes} bytes`);
        } else if (kind === "H") yield { kind: "heartbeat" };
        else if (kind === "E") yield { kind: "end" };
        else throw unexpectedFormatError();
      }
    }
    pendingChunks = buffered.length === 0 ? [] : [buffered];
    pendingBytes = buffered.length;
  }
}

function unexpectedFormatError() {
  return connectionLostError("The machine sent the log in an unexpected format");
}

/** Retryable, because the output of another program may have been mixed in. */
function tooLongError(subject: string, limit: string) {
  return connectionLostError(`${subject} is longer than ${limit}`);
}

function decodeFile(hex: string, pathLength: number): FollowPart {
  const path = Buffer.from(hex.slice(0, pathLength), "hex").toString("utf8");
  return { kind: "file", path, bytes: Buffer.from(hex.slice(pathLength), "hex") };
}

function parseNumber(text: string | undefined): number {
  const number = Number(text);
  if (text === undefined || !Number.isSafeInteger(number)) {
    throw unexpectedFormatError();
  }
  return number;
}

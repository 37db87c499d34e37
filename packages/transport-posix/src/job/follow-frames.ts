import type { FollowPart } from "@unitrain/core/spec";
import { lost } from "../script/failures.ts";
import { largestFileBytes, largestPieceBytes } from "./follow-script.ts";

/** What the machine tells while a job is followed. */
export type FollowFrame = FollowPart | { readonly kind: "heartbeat" } | { readonly kind: "end" };

/** `L`, `F` or `H` with two numbers. */
const longestHeader = 128;
/** Of a watched file's path, in hexadecimal. */
const longestPathHex = 2 * 4096;

/** Reads what {@link followScript} writes. A piece of the log is passed on as it comes, a file when it is whole. */
export async function* followFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<FollowFrame> {
  let held: Buffer = Buffer.alloc(0);
  let log: { offset: number; remainingBytes: number } | undefined;
  let file: { pathLength: number; length: number } | undefined;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  for await (const chunk of stream) {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    // A file is joined once it is whole: joining at each piece would take time with the square of its length.
    if (file !== undefined && waitingBytes <= file.length) continue;
    held = waiting.length === 1 ? chunk : Buffer.concat(waiting);
    while (held.length > 0) {
      if (log !== undefined) {
        const bytes = held.subarray(0, log.remainingBytes);
        yield { kind: "log", offset: log.offset, bytes };
        held = held.subarray(bytes.length);
        const remainingBytes = log.remainingBytes - bytes.length;
        log = remainingBytes === 0 ? undefined : { offset: log.offset + bytes.length, remainingBytes };
      } else if (file !== undefined) {
        // And the end of its line.
        if (held.length <= file.length) break;
        yield fileOf(held.toString("latin1", 0, file.length), file.pathLength);
        held = held.subarray(file.length + 1);
        file = undefined;
      } else {
        const line = held.subarray(0, longestHeader).indexOf(10);
        if (line === -1 && held.length >= longestHeader)
          throw tooLong("The head of a part of the log that is followed", `${longestHeader} bytes`);
        if (line === -1) break;
        const [kind, first, second] = held.toString("latin1", 0, line).split(" ");
        held = held.subarray(line + 1);
        if (kind === "L") {
          log = { offset: numberOf(first), remainingBytes: numberOf(second) };
          if (log.remainingBytes > largestPieceBytes)
            throw tooLong("A part of the log that is followed", `${largestPieceBytes} bytes`);
        } else if (kind === "F") {
          file = { pathLength: numberOf(first), length: numberOf(first) + numberOf(second) };
          if (file.pathLength > longestPathHex || file.length - file.pathLength > 2 * largestFileBytes)
            throw tooLong("A watched file", `${largestFileBytes} bytes`);
        } else if (kind === "H") yield { kind: "heartbeat" };
        else if (kind === "E") yield { kind: "end" };
        else throw otherForm();
      }
    }
    waiting = held.length === 0 ? [] : [held];
    waitingBytes = held.length;
  }
}

function otherForm() {
  return lost("The log that is followed came in another form than was agreed on");
}

/** Tried again: what came in between may be another program's words. */
function tooLong(subject: string, bound: string) {
  return lost(`${subject} is longer than ${bound}`);
}

function fileOf(hex: string, pathLength: number): FollowPart {
  const path = Buffer.from(hex.slice(0, pathLength), "hex").toString("utf8");
  return { kind: "file", path, bytes: Buffer.from(hex.slice(pathLength), "hex") };
}

function numberOf(text: string | undefined): number {
  const number = Number(text);
  if (text === undefined || !Number.isSafeInteger(number)) {
    throw otherForm();
  }
  return number;
}

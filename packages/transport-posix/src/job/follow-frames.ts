import type { FollowPart } from "@unitrain/core/spec";
import { lost } from "../script/failures.ts";

/** What the machine tells while a job is followed. */
export type FollowFrame = FollowPart | { readonly kind: "heartbeat" } | { readonly kind: "end" };

/** Reads what {@link followScript} writes. A piece of the log is passed on as it comes, a file when it is whole. */
export async function* followFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<FollowFrame> {
  let held: Buffer = Buffer.alloc(0);
  let log: { offset: number; left: number } | undefined;
  let file: { pathLength: number; length: number } | undefined;
  for await (const chunk of stream) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length > 0) {
      if (log !== undefined) {
        const bytes = held.subarray(0, log.left);
        yield { kind: "log", offset: log.offset, bytes };
        held = held.subarray(bytes.length);
        const left = log.left - bytes.length;
        log = left === 0 ? undefined : { offset: log.offset + bytes.length, left };
      } else if (file !== undefined) {
        // And the end of its line.
        if (held.length <= file.length) break;
        yield fileOf(held.toString("latin1", 0, file.length), file.pathLength);
        held = held.subarray(file.length + 1);
        file = undefined;
      } else {
        const line = held.indexOf(10);
        if (line === -1) break;
        const [kind, first, second] = held.toString("latin1", 0, line).split(" ");
        held = held.subarray(line + 1);
        if (kind === "L") log = { offset: numberOf(first), left: numberOf(second) };
        else if (kind === "F") {
          file = { pathLength: numberOf(first), length: numberOf(first) + numberOf(second) };
        } else if (kind === "H") yield { kind: "heartbeat" };
        else if (kind === "E") yield { kind: "end" };
        else throw lost("The log that is followed came in another form than was agreed on");
      }
    }
  }
}

function fileOf(hex: string, pathLength: number): FollowPart {
  const path = Buffer.from(hex.slice(0, pathLength), "hex").toString("utf8");
  return { kind: "file", path, bytes: Buffer.from(hex.slice(pathLength), "hex") };
}

function numberOf(text: string | undefined): number {
  const number = Number(text);
  if (text === undefined || !Number.isSafeInteger(number)) {
    throw lost("The log that is followed came in another form than was agreed on");
  }
  return number;
}

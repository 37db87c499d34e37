import { open } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { setTimeout } from "node:timers/promises";
import { clean } from "./render/clean.ts";
import type { Output } from "./surroundings.ts";

/**
 * Copies a growing log until `over` has resolved and all of it is read. A terminal gets whole lines without escape codes, and of
 * a line that was drawn over with carriage returns only what remained of it; a pipe or file gets the very bytes.
 */
export async function copyLog(path: string, over: Promise<void>, output: Output): Promise<void> {
  let ended = false;
  const end = over.finally(() => {
    ended = true;
  });
  end.catch(() => {});
  const write = output.isTTY === true ? asLines(output) : (bytes: Uint8Array) => void output.write(bytes);
  let offset = 0;
  for (;;) {
    const last = ended;
    offset = await copyFrom(path, offset, write);
    if (last) break;
    await Promise.race([setTimeout(pollMs), end]);
  }
  write(new Uint8Array());
  await end;
}

const pollMs = 200;

async function copyFrom(path: string, from: number, write: (bytes: Uint8Array) => void): Promise<number> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    // Nothing was logged yet.
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return from;
  try {
    let offset = from;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, offset);
      if (bytesRead === 0) return offset;
      write(buffer.subarray(0, bytesRead));
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** An empty chunk says that the log is over: what has no line end yet is shown. */
function asLines(output: Output): (bytes: Uint8Array) => void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return (bytes) => {
    const over = bytes.length === 0;
    const lines = (rest + (over ? decoder.end() : decoder.write(Buffer.from(bytes)))).split("\n");
    rest = over ? "" : (lines.pop() ?? "");
    for (const line of lines) if (!over || line !== "") output.write(`${clean(whatRemained(line))}\n`);
  };
}

function whatRemained(line: string): string {
  const drawn = line.replace(/\r+$/, "");
  return drawn.slice(drawn.lastIndexOf("\r") + 1);
}

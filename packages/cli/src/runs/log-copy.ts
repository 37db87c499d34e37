import { open, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { UnitrainError } from "@unitrain/core/spec";
import type { Output } from "../context/cli-context.ts";
import { createPipedLogWriter } from "../terminal/render/escape-stripper.ts";
import { createLogLineWriter } from "../terminal/render/log-lines.ts";
import type { LogWriter } from "../terminal/render/log-writer.ts";

/**
 * Copies a growing log until `over` has resolved and all of the log has been read. A terminal gets complete lines, each passed through
 * `shown`. Of a line that was redrawn with carriage returns it gets only the last version. A pipe or file gets every byte except
 * escape sequences and control characters. Colors are dropped too: what a training prints must not look like a message of ours.
 */
export async function copyLog(
  path: string,
  over: Promise<void>,
  output: Output,
  shown?: (line: string) => string,
): Promise<void> {
  let ended = false;
  const end = over.finally(() => {
    ended = true;
  });
  end.catch(() => {});
  const writer = output.isTTY === true ? createLogLineWriter(output, shown) : createPipedLogWriter(output);
  let offset = 0;
  for (;;) {
    const last = ended;
    offset = await copyFrom(path, offset, writer);
    if (last) break;
    await Promise.race([setTimeout(pollMs), end]);
  }
  writer.end();
  await end;
}

const pollMs = 200;

async function copyFrom(path: string, from: number, writer: LogWriter): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  // Opening a named pipe would block.
  if (found !== undefined && !found.isFile()) throw unreadableLog(path, new Error("it is not a file"));
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    // Nothing was logged yet.
    if (error.code === "ENOENT") return undefined;
    throw unreadableLog(path, error);
  });
  if (file === undefined) return from;
  try {
    let offset = from;
    for (;;) {
      const { bytesRead, buffer } = await file
        .read(Buffer.alloc(65_536), 0, 65_536, offset)
        .catch((error) => {
          throw unreadableLog(path, error);
        });
      if (bytesRead === 0) return offset;
      writer.write(buffer.subarray(0, bytesRead));
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
}

function unreadableLog(path: string, cause: NodeJS.ErrnoException): UnitrainError {
  const reason = cause.code ?? cause.message;
  return new UnitrainError("STATE_UNREADABLE", `The log ${path} cannot be read (${reason}).`, {
    hint: "Fix its permissions. The complete log is on the machine until the run is over.",
    cause,
  });
}

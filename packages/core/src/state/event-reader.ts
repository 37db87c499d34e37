import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { RunEvent } from "../spec/index.ts";
import type { StoredLogEvent } from "./event-store.ts";

const blockBytes = 256 * 1024;

export interface ReadEventsOptions {
  readonly path: string;
  readonly log: string;
  /** Nothing more will come: end after what is there. */
  readonly isOver: () => boolean | Promise<boolean>;
  /** Resolves when something may have come. */
  readonly change: () => Promise<void>;
  /** Leaves the text of log lines out: whoever counts epochs need not read the log. */
  readonly withoutText?: boolean;
}

/** Reads a run's events from its file, whoever writes it, in constant memory; ends after `finished` or when it is over. */
export async function* readEvents(options: ReadEventsOptions): AsyncGenerator<RunEvent, void, undefined> {
  const handle = await open(options.path, "r");
  try {
    let position = 0;
    let rest = Buffer.alloc(0);
    const block = Buffer.alloc(blockBytes);
    while (true) {
      // Asked before reading, so that what comes in between is still read.
      const changed = options.change();
      const over = await options.isOver();
      const { bytesRead } = await handle.read(block, 0, block.length, position);
      if (bytesRead === 0) {
        if (over) return;
        await changed;
        continue;
      }
      position += bytesRead;
      const content = Buffer.concat([rest, block.subarray(0, bytesRead)]);
      const end = content.lastIndexOf(0x0a) + 1;
      rest = content.subarray(end);
      for (const line of content.toString("utf8", 0, end).split("\n")) {
        if (line === "") continue;
        const event = await withText(JSON.parse(line), options.withoutText ? undefined : options.log);
        yield event;
        if (event.type === "finished") return;
      }
    }
  } finally {
    await handle.close();
  }
}

async function withText(
  stored: RunEvent | (RunEvent & StoredLogEvent),
  log: string | undefined,
): Promise<RunEvent> {
  if (!("localFrom" in stored)) return stored;
  const { localFrom, ...event } = stored;
  return { ...event, text: log === undefined ? "" : await readText(log, localFrom, event.localBytes) };
}

async function readText(path: string, from: number, to: number): Promise<string> {
  if (to <= from) return "";
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { start: from, end: to - 1 })) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

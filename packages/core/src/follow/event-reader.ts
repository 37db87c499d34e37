import { type FileHandle, open, stat } from "node:fs/promises";
import { type RunEvent, UnitrainError } from "../spec/index.ts";
import { withCurrentEventNames } from "../state/earlier-names.ts";
import { createUnreadableError, describeReadError } from "../state/unreadable.ts";

const blockBytes = 256 * 1024;

export interface ReadEventsOptions {
  readonly path: string;
  readonly log: string;
  /** Whether no more events will be written, so that reading ends with the last one. */
  readonly isOver: () => boolean | Promise<boolean>;
  /** Resolves when more events may have been written. */
  readonly change: () => Promise<void>;
  /** Whether to leave out the text of log events, which saves reading the log. */
  readonly withoutText?: boolean;
}

/**
 * Reads the events of a run from its file in constant memory, whichever process writes it. Ends after `finished`, or when the run is
 * over. It skips lines that are not events: the ledger is the record, and one damaged line must not hide the others.
 */
export async function* readEvents(options: ReadEventsOptions): AsyncGenerator<RunEvent, void, undefined> {
  const handle = await openEvents(options);
  if (handle === undefined) return;
  const text = options.withoutText ? undefined : createTextReader(options.log);
  try {
    let position = 0;
    let rest: Buffer[] = [];
    const block = Buffer.alloc(blockBytes);
    while (true) {
      // Called before reading, so that no event is missed that is written in between.
      const changed = options.change();
      const wasOver = await options.isOver();
      const { bytesRead } = await handle.read(block, 0, block.length, position);
      if (bytesRead === 0) {
        if (wasOver) return;
        await changed;
        continue;
      }
      position += bytesRead;
      const end = block.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
      const unended = Buffer.from(block.subarray(end, bytesRead));
      if (end === 0) {
        rest.push(unended);
        continue;
      }
      const lines = Buffer.concat([...rest, block.subarray(0, end)]).toString("utf8");
      rest = [unended];
      for (const line of lines.split("\n")) {
        const stored = parseEvent(line);
        if (stored === undefined) continue;
        const event = await withText(stored, text);
        yield event;
        if (event.type === "finished") return;
      }
    }
  } finally {
    await text?.close();
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return (await stat(path)).isFile() ? await open(path, "r") : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the events file, and waits for it if it does not exist yet: it is created a moment after the ledger. */
async function openEvents({ path, isOver, change }: ReadEventsOptions): Promise<FileHandle | undefined> {
  while (true) {
    const changed = change();
    const wasOver = await isOver();
    try {
      if (!(await stat(path)).isFile())
        throw createUnreadableError({ kind: "unreadable", file: path, message: "It is not a file." });
      return await open(path, "r");
    } catch (error) {
      if (UnitrainError.isInstance(error)) throw error;
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        throw createUnreadableError({ kind: "unreadable", file: path, message: describeReadError(error) });
      if (wasOver) return undefined;
    }
    await changed;
  }
}

/** Returns the event of one line of the file; undefined when the line is not an event. */
export function parseEvent(line: string): StoredEvent | undefined {
  try {
    const value = JSON.parse(line) as StoredEvent | null;
    if (typeof value?.type !== "string") return undefined;
    const isValid =
      !("localFrom" in value) || [value.localFrom, value.localBytes].every(Number.isSafeInteger);
    return isValid ? (withCurrentEventNames({ ...value }) as unknown as StoredEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** A log event as the file keeps it: its text is only in the local log. */
interface StoredLogEvent {
  readonly type: "log";
  readonly localFrom: number;
  readonly localBytes: number;
}

type StoredEvent = RunEvent | (RunEvent & StoredLogEvent);

async function withText(stored: StoredEvent, text: TextReader | undefined): Promise<RunEvent> {
  if (!("localFrom" in stored)) return stored;
  const { localFrom, ...event } = stored;
  return { ...event, text: text === undefined ? "" : await text.read(localFrom, event.localBytes) };
}

interface TextReader {
  read(from: number, to: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Returns a reader of parts of the log, which opens the file once, because a long training has very many log events. If the log cannot
 * be read, the texts are empty and all other events are still read.
 */
function createTextReader(path: string): TextReader {
  let opened: FileHandle | undefined;
  return {
    async read(from, to) {
      if (to <= from) return "";
      opened ??= await openFile(path);
      if (opened === undefined) return "";
      // A damaged event may contain any range.
      const { size } = await opened.stat();
      const bytes = Buffer.alloc(Math.max(0, Math.min(to, size) - from));
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await opened.read(bytes, length, bytes.length - length, from + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.toString("utf8", 0, length);
    },
    close: async () => opened?.close(),
  };
}

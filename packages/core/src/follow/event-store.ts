import { appendFile, readFile, truncate } from "node:fs/promises";
import type { RunEvent, RunEventBody } from "../spec/index.ts";
import { ensureWritable } from "../state/ensure-writable.ts";
import { parseEvent, readEvents } from "./event-reader.ts";

/** The run's events, on disk from the first one on, so that any process can replay and follow them. */
export interface EventStore {
  /** Writes one event down. Never rejects: an event that cannot be written must not end a run. */
  emit(body: RunEventBody): Promise<void>;
  /** No more events of this process; readers end once they have read all. */
  close(): Promise<void>;
  /** From the first event on. Each iteration reads for itself. */
  readonly events: AsyncIterable<RunEvent>;
  /** What was written so far, also by earlier processes; log events without their text. */
  readPast(): AsyncIterable<RunEvent>;
}

export interface EventStoreOptions {
  readonly path: string;
  readonly log: string;
  readonly runId: string;
  readonly now: () => number;
  /** Takes secrets out of everything but log lines, which come here masked. */
  readonly mask: <T>(value: T) => T;
}

export async function openEventStore(options: EventStoreOptions): Promise<EventStore> {
  const { path, log, runId, now, mask } = options;
  // Events that cannot be written are left out: the run, and the release of its machine, go on without them.
  let { seq, logBytes } = await readLastPosition(path).catch(() => ({ seq: 0, logBytes: 0 }));
  const readers = new Set<() => void>();
  let isClosed = false;
  let queue: Promise<void> = Promise.resolve();

  const write = async (body: RunEventBody) => {
    const stored =
      body.type === "log" ? { type: "log", localFrom: logBytes, localBytes: body.localBytes } : mask(body);
    const line = JSON.stringify({ seq, at: new Date(now()).toISOString(), runId, ...stored });
    try {
      await appendFile(path, `${line}\n`);
    } catch {
      return; // A full disk: the ledger, which matters, says so itself.
    }
    seq += 1;
    if (body.type === "log") logBytes = body.localBytes;
    for (const wake of readers) wake();
  };

  return {
    emit(body) {
      if (!isClosed) queue = queue.then(() => write(body));
      return queue;
    },
    async close() {
      isClosed = true;
      await queue;
      for (const wake of readers) wake();
    },
    readPast: () =>
      withoutReadErrors(
        readEvents({ path, log, isOver: () => true, change: async () => {}, withoutText: true }),
      ),
    events: {
      [Symbol.asyncIterator]: () =>
        readEvents({
          path,
          log,
          isOver: () => isClosed,
          change: () =>
            new Promise<void>((resolve) => {
              const wake = () => {
                readers.delete(wake);
                resolve();
              };
              readers.add(wake);
            }),
        }),
    },
  };
}

/** A receipt is written with what can be read: a broken file must not keep a run from its end. */
async function* withoutReadErrors(events: AsyncIterable<RunEvent>): AsyncIterable<RunEvent> {
  try {
    yield* events;
  } catch {
    // The rest is not known.
  }
}
/** For a run whose events file cannot be written, and that must be released all the same. */
export const silentEvents: EventStore = {
  emit: async () => {},
  close: async () => {},
  readPast: nothing,
  events: { [Symbol.asyncIterator]: nothing },
};

async function* nothing(): AsyncGenerator<RunEvent, void, undefined> {}

/** Where the last process stopped; half an event that it left is cut off. */
async function readLastPosition(path: string): Promise<{ seq: number; logBytes: number }> {
  await ensureWritable(path);
  const content = await readFile(path);
  const end = content.lastIndexOf(0x0a) + 1;
  if (end < content.length) await truncate(path, end);
  let seq = 0;
  let logBytes = 0;
  for (const line of content.toString("utf8", 0, end).split("\n")) {
    if (line === "") continue;
    seq += 1;
    if (!line.includes('"type":"log"')) continue;
    const event = parseEvent(line);
    if (event?.type === "log" && Number.isSafeInteger(event.localBytes)) logBytes = event.localBytes;
  }
  return { seq, logBytes };
}

import { appendFile, readFile, truncate } from "node:fs/promises";
import { formatJson, type RunEvent, type RunEventBody } from "../spec/index.ts";
import { ensureWritable } from "../state/ensure-writable.ts";
import { parseEvent, readEvents } from "./event-reader.ts";

/** The events of a run. They are on disk from the first one on, so that any process can replay and follow them. */
export interface EventStore {
  /** Writes an event to disk. Never rejects, because an event that cannot be written must not end a run. */
  emit(body: RunEventBody): Promise<void>;
  /** Ends the events of this process. Readers end once they have read all of them. */
  close(): Promise<void>;
  /** All events from the first one on. Each iteration reads them from the beginning. */
  readonly events: AsyncIterable<RunEvent>;
  /** Reads the events written so far, including those of earlier processes; log events have no text. */
  readPast(): AsyncIterable<RunEvent>;
}

export interface EventStoreOptions {
  readonly path: string;
  readonly log: string;
  readonly runId: string;
  readonly now: () => number;
  /** Masks secrets. It is not called for log events, whose text is masked already. */
  readonly mask: <T>(value: T) => T;
}

export async function openEventStore(options: EventStoreOptions): Promise<EventStore> {
  const { path, log, runId, now, mask } = options;
  // Events that cannot be written are dropped: the run and the release of its machine continue without them.
  let { seq, logBytes } = await readLastPosition(path).catch(() => ({ seq: 0, logBytes: 0 }));
  const readers = new Set<() => void>();
  let isClosed = false;
  let queue: Promise<void> = Promise.resolve();

  const write = async (body: RunEventBody) => {
    const stored =
      body.type === "log" ? { type: "log", localFrom: logBytes, localBytes: body.localBytes } : mask(body);
    const line = formatJson({ seq, at: new Date(now()).toISOString(), runId, ...stored });
    try {
      await appendFile(path, `${line}\n`);
    } catch {
      return; // The disk may be full. Writing the ledger, which matters, reports it.
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

/** Ends the events at the first error, because a file that cannot be read must not keep a run from writing its receipt. */
async function* withoutReadErrors(events: AsyncIterable<RunEvent>): AsyncIterable<RunEvent> {
  try {
    yield* events;
  } catch {
    // The events after it are unknown.
  }
}

/** The events of a run whose file cannot be opened, and whose machine must be released anyway. */
export const silentEvents: EventStore = {
  emit: async () => {},
  close: async () => {},
  readPast: nothing,
  events: { [Symbol.asyncIterator]: nothing },
};

async function* nothing(): AsyncGenerator<RunEvent, void, undefined> {}

/** Returns the position after the last event of earlier processes, and cuts off an incomplete event. */
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

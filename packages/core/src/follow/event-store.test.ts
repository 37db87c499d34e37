import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunEvent } from "../spec/index.ts";
import { openEventStore } from "./event-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unitrain-events-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () =>
  openEventStore({
    path: join(folder, "events.jsonl"),
    log: join(folder, "training.log"),
    runId: "run",
    now: () => 0,
    mask: (value) => value,
  });

async function all(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const read: RunEvent[] = [];
  for await (const event of events) read.push(event);
  return read;
}

test("log events get their text from the log, and past ones have none", async () => {
  const store = await open();
  for (const [text, localBytes] of [
    ["one\n", 4],
    ["zwö\n", 9],
  ] as const) {
    await appendFile(join(folder, "training.log"), text);
    await store.emit({ type: "log", text, localBytes });
  }
  await store.close();
  const texts = (events: RunEvent[]) => events.map((event) => (event.type === "log" ? event.text : ""));
  expect(texts(await all(store.events))).toEqual(["one\n", "zwö\n"]);
  expect(texts(await all(store.readPast()))).toEqual(["", ""]);
});

test("the blocks of an event of many megabytes are joined once", async () => {
  const store = await open();
  await store.emit({ type: "status", phase: "plan", message: "x".repeat(8_000_000) });
  await store.emit({ type: "status", phase: "plan", message: "short" });
  await store.close();
  const concat = vi.spyOn(Buffer, "concat");
  expect(await all(store.readPast())).toHaveLength(2);
  const copied = concat.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0);
  concat.mockRestore();
  expect(copied).toBeLessThan(2 * 8_000_100);
});

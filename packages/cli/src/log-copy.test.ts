import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyLog } from "./log-copy.ts";
import { collector } from "./testing/collected.ts";

let folder: string;
let log: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unitrain-log-"));
  log = join(folder, "training.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a log", () => {
  it("goes into a pipe byte by byte", async () => {
    const text = "one\n\u001b[1mbold\u001b[0m\r 1/3\r 2/3\nno end";
    await writeFile(log, text);
    const pipe = collector();
    await copyLog(log, Promise.resolve(), pipe);
    expect(pipe.text()).toBe(text);
  });

  it("is shown on a terminal without escapes, and of a bar what remained", async () => {
    await writeFile(log, "one\r\n\u001b[K 1/3\r\u001b[K 2/3\r\u001b[K 3/3\n\u001b[2Jé no end");
    const terminal = collector({ columns: 80 });
    await copyLog(log, Promise.resolve(), terminal);
    expect(terminal.text()).toBe("one\n 3/3\né no end\n");
  });

  it("is followed until the run is over, and then to its last byte", async () => {
    await writeFile(log, "first\n");
    const over = Promise.withResolvers<void>();
    const pipe = collector();
    const copied = copyLog(log, over.promise, pipe);
    await expect.poll(() => pipe.text()).toBe("first\n");
    await appendFile(log, "second\n");
    await expect.poll(() => pipe.text()).toBe("first\nsecond\n");
    await appendFile(log, "last");
    over.resolve();
    await copied;
    expect(pipe.text()).toBe("first\nsecond\nlast");
  });

  it("that does not exist yet is empty", async () => {
    const pipe = collector();
    await copyLog(log, Promise.resolve(), pipe);
    expect(pipe.text()).toBe("");
  });

  it("keeps a letter whole that two reads cut", async () => {
    await writeFile(log, `${"x".repeat(65_535)}é\n`);
    const terminal = collector({ columns: 80 });
    await copyLog(log, Promise.resolve(), terminal);
    expect(terminal.text().endsWith("xé\n")).toBe(true);
  });
});

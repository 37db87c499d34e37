import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCollector } from "../../test/collected.ts";
import { createEscapeStripper } from "../terminal/render/escape-stripper.ts";
import { copyLog } from "./log-copy.ts";

let folder: string;
let log: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unitrain-log-"));
  log = join(folder, "training.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a log", () => {
  it("is copied to a pipe unchanged except for escape codes", async () => {
    const text = (bold: string, plain: string) => `one\n${bold}bold${plain}\r 1/3\r 2/3\nno end`;
    await writeFile(log, text("\u001b[1m", "\u001b[0m"));
    const pipe = createCollector();
    await copyLog(log, Promise.resolve(), pipe);
    expect(pipe.text()).toBe(text("", ""));
  });

  it("is shown on a terminal without escape codes and with the last state of a progress bar", async () => {
    await writeFile(log, "one\r\n\u001b[K 1/3\r\u001b[K 2/3\r\u001b[K 3/3\n\u001b[2Jé no end");
    const terminal = createCollector({ columns: 80 });
    await copyLog(log, Promise.resolve(), terminal);
    expect(terminal.text()).toBe("one\n 3/3\né no end\n");
  });

  it("shows only its text if it tries to control a terminal", async () => {
    const hostile = "\u001b]52;c;cm0=\u0007a\u009b2Jb\bc\u202ed\u2028e\u0007\n\u001bP1$r\u001b\\f\n";
    await writeFile(log, hostile);
    const terminal = createCollector({ columns: 80 });
    await copyLog(log, Promise.resolve(), terminal);
    expect(terminal.text()).toBe("abcd e\nf\n");
  });

  it("is followed to its last byte after the run has ended", async () => {
    await writeFile(log, "first\n");
    const over = Promise.withResolvers<void>();
    const pipe = createCollector();
    const copied = copyLog(log, over.promise, pipe);
    await expect.poll(() => pipe.text()).toBe("first\n");
    await appendFile(log, "second\n");
    await expect.poll(() => pipe.text()).toBe("first\nsecond\n");
    await appendFile(log, "last");
    over.resolve();
    await copied;
    expect(pipe.text()).toBe("first\nsecond\nlast");
  });

  it("is empty if it does not exist yet", async () => {
    const pipe = createCollector();
    await copyLog(log, Promise.resolve(), pipe);
    expect(pipe.text()).toBe("");
  });

  it("does not break a character that is split across two reads", async () => {
    await writeFile(log, `${"x".repeat(65_535)}é\n`);
    const terminal = createCollector({ columns: 80 });
    await copyLog(log, Promise.resolve(), terminal);
    expect(terminal.text().endsWith("xé\n")).toBe(true);
  });

  it("is shown completely while it grows, even if it is one endless line", async () => {
    await writeFile(log, `${"x".repeat(700_000)}é`);
    const over = Promise.withResolvers<void>();
    const terminal = createCollector({ columns: 80 });
    const copied = copyLog(log, over.promise, terminal);
    await expect.poll(() => terminal.text().length).toBeGreaterThan(200_000);
    over.resolve();
    await copied;
    expect(terminal.text()).toBe(`${"x".repeat(700_000)}é\n`);
  });

  it("shows the last version of a line that is redrawn endlessly", async () => {
    await writeFile(log, `${"\r 12% of it".repeat(60_000)}\r done\r\r\nnext`);
    const terminal = createCollector({ columns: 80 });
    await copyLog(log, Promise.resolve(), terminal);
    expect(terminal.text()).toBe(" done\nnext\n");
  });
});

describe("escape codes", () => {
  const pieces = (bytes: Buffer, length: number) => {
    const stripper = createEscapeStripper();
    const pieceBytes: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += length)
      pieceBytes.push(stripper.push(bytes.subarray(at, at + length)));
    return Buffer.concat([...pieceBytes, stripper.end()]);
  };

  it("are removed wherever they are split, and no other byte is", () => {
    const codes = [
      "\u001b[1;31m",
      "\u001b[K",
      "\u001b]0;title\u0007",
      "\u001b]8;;http://a\u001b\\",
      "\u001b(B",
      "\u001bM",
      "\u0000",
      "\u0007\u0008\u007f",
      "\u009b\u009d",
    ];
    const between = Buffer.from([0xff, 0xc4, 0x9b, 0x5b, 0x0d, 0xc2, 0xa0, 0x0a]);
    const bytes = Buffer.concat(codes.flatMap((code) => [between, Buffer.from(code)]));
    const wanted = Buffer.concat(codes.map(() => between));
    for (let length = 1; length <= bytes.length; length += 1) expect(pieces(bytes, length)).toEqual(wanted);
  });

  it("do not come into being where something between their bytes was removed", () => {
    const bytes = [
      ["\u00c2\u001b[0m\u009b31m", "31m"],
      ["a\u00c2\u0001\u009b2J", "a2J"],
      ["\u00c2\u00c2\u001b[0m\u009b\u009b\u009b2J", "\u009b\u009b2J"],
      ["\u00c2\u00c2\u009b\u009b2J", "\u009b2J"],
      ["\u001b\u001b[0m[2J", "[2J"],
    ] as const;
    for (const [text = "", wanted] of bytes)
      for (let length = 1; length <= text.length; length += 1)
        expect(pieces(Buffer.from(text, "latin1"), length).toString("latin1")).toBe(wanted);
  });

  it("lose only their escape character if they never end", () => {
    const endless = Buffer.from(`\u001b]${"x".repeat(20_000)}`);
    expect(pieces(endless, 1000).toString()).toBe(`]${"x".repeat(20_000)}`);
    expect(pieces(Buffer.from("end \u001b["), 3).toString()).toBe("end [");
    expect(pieces(Buffer.from("\u001b]0;hides\nmore\u0007\n"), 3).toString()).toBe("]0;hides\nmore\n");
    expect(pieces(Buffer.from([0x61, 0xc2]), 1)).toEqual(Buffer.from([0x61, 0xc2]));
  });
});

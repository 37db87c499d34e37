import { describe, expect, test, vi } from "vitest";
import { type FollowFrame, readFollowFrames } from "./follow-frames.ts";

const hex = (text: string) => Buffer.from(text).toString("hex");

async function readFrames(bytes: Buffer, pieceBytes: number): Promise<FollowFrame[]> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const frames: FollowFrame[] = [];
  for await (const frame of readFollowFrames(pieces())) frames.push(frame);
  return frames;
}

describe("readFollowFrames", () => {
  test("gives the same frames wherever the stream is split", async () => {
    const file = `F ${hex("/a").length} ${hex("x,y\n").length}\n${hex("/a")}${hex("x,y\n")}\n`;
    const bytes = Buffer.from(`H\nL 0 3\nabc${file}L 3 2\nd\nE\n`);
    for (let length = 1; length <= bytes.length; length += 1) {
      const frames = await readFrames(bytes, length);
      const log = frames.flatMap((frame) => (frame.kind === "log" ? [Buffer.from(frame.bytes)] : []));
      expect(Buffer.concat(log).toString()).toBe("abcd\n");
      expect(frames.filter(({ kind }) => kind !== "log")).toEqual([
        { kind: "heartbeat" },
        { kind: "file", path: "/a", bytes: Buffer.from("x,y\n") },
        { kind: "end" },
      ]);
    }
  });

  test("joins the chunks of a large file once", async () => {
    const content = "ab".repeat(1024 * 1024);
    const bytes = Buffer.from(`F 4 ${content.length}\n${hex("/a")}${content}\nE\n`);
    const concat = vi.spyOn(Buffer, "concat");
    const frames = await readFrames(bytes, 16 * 1024);
    const copied = concat.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0);
    concat.mockRestore();
    expect(frames.map(({ kind }) => kind)).toEqual(["file", "end"]);
    expect(copied).toBeLessThan(3 * bytes.length);
  });

  test.each([
    ["a header without an end", Buffer.alloc(64 * 1024, "L")],
    ["a file over the limit", Buffer.from("F 4 99999999\n2f61")],
    ["an unknown frame", Buffer.from("X 1 2\n")],
  ])("refuses %s", async (_, bytes) => {
    await expect(readFrames(bytes, 4096)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });
});

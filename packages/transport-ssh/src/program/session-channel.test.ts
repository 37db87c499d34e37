import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createPacketReader, encodePacket } from "./packets.ts";
import { message, SessionChannel, windowBytes } from "./session-channel.ts";

type Sent = readonly [type: number, ...parts: readonly (number | string | Uint8Array)[]];

function createChannel(remoteWindowBytes = 1_000_000) {
  const sent: Sent[] = [];
  const remote = { id: 7, windowBytes: remoteWindowBytes, packetBytes: 100 };
  const channel = new SessionChannel(remote, (...packet) => void sent.push(packet));
  const receive = (type: number, ...parts: readonly (number | string | Uint8Array)[]) =>
    channel.handlePacket(type, encodePacket(Buffer.of(0, type), 0, ...parts).subarray(4));
  return { sent, channel, receive };
}

const dataBytes = (sent: readonly Sent[]) =>
  sent.filter(([type]) => type === message.data).map(([, , length]) => length);

describe("a session channel", () => {
  it("respects the window and the packet size of the server", () => {
    const { sent, channel, receive } = createChannel(250);
    channel.write(Buffer.alloc(400));
    expect(dataBytes(sent)).toEqual([100, 100, 50]);
    receive(message.windowAdjust, 120);
    expect(dataBytes(sent)).toEqual([100, 100, 50, 100, 20]);
    channel.end();
    receive(message.windowAdjust, 1_000);
    expect(dataBytes(sent).at(-1)).toBe(30);
    expect(sent.at(-1)).toEqual([message.eof, 7]);
  });

  it("opens its window only after data was read, and refuses data beyond it", async () => {
    const { sent, channel, receive } = createChannel();
    const block = Buffer.alloc(windowBytes / 4);
    for (let count = 0; count < 4; count += 1) receive(message.data, block.length, block);
    expect(sent).toEqual([]);
    expect(() => receive(message.data, 1, Buffer.alloc(1))).toThrow("more than its window allows");
    channel.resume();
    await expect.poll(() => sent.length).toBeGreaterThan(0);
    expect(sent[0]?.[0]).toBe(message.windowAdjust);
  });

  it("refuses unknown requests and truncated packets", () => {
    const { sent, receive } = createChannel();
    receive(message.request, "keepalive@openssh.com", Buffer.of(1));
    expect(sent).toEqual([[message.failure, 7]]);
    expect(() => receive(message.data, 1_000, Buffer.alloc(10))).toThrow(RangeError);
    expect(() => createPacketReader(() => {})(Buffer.from("ffffffff", "hex"))).toThrow(RangeError);
  });

  it("ends its streams when the server closes it, also with pending input", async () => {
    const { sent, channel, receive } = createChannel(0);
    channel.write(Buffer.alloc(10));
    const outputs = [channel.pipe(new PassThrough()), channel.stderr.pipe(new PassThrough())];
    const ended = Promise.all(outputs.map((output) => output.toArray()));
    receive(message.data, 2, Buffer.from("in"));
    receive(message.request, "exit-status", Buffer.of(0), 3);
    expect(receive(message.close)).toBe(true);
    expect(await ended).toEqual([[Buffer.from("in")], []]);
    expect(sent).toEqual([[message.close, 7]]);
  });
});

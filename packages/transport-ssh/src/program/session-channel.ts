import { Duplex, Readable } from "node:stream";
import type { CommandChannel } from "../executor/connection.ts";
import { createFieldReader } from "./packets.ts";

/** Message numbers of RFC 4254. */
export const message = {
  open: 90,
  openConfirmation: 91,
  openFailure: 92,
  windowAdjust: 93,
  data: 94,
  extendedData: 95,
  eof: 96,
  close: 97,
  request: 98,
  success: 99,
  failure: 100,
} as const;

/** How many unread bytes the server may send. */
export const windowBytes = 2 * 1024 * 1024;
export const packetBytes = 32 * 1024;
/** The largest packet that we send, whatever the server allows. */
const maxPacketBytes = 32 * 1024;

/** Discards data that is neither stdout nor stderr. */
const discarded = new Readable().destroy();

/** The server's end of a channel. */
export interface RemoteEnd {
  readonly id: number;
  readonly windowBytes: number;
  readonly packetBytes: number;
}

type Send = (type: number, ...parts: readonly (number | string | Uint8Array)[]) => void;

/** A session channel of the SSH connection protocol (RFC 4254), over a connection that the master encrypts. */
export class SessionChannel extends Duplex implements CommandChannel {
  readonly stderr: Readable;
  readonly #send: Send;
  readonly #remote: RemoteEnd;
  readonly #unread = new Map<Readable, number>();
  #sendableBytes: number;
  #pending: { readonly chunk: Buffer; readonly done: () => void } | undefined;
  #readBytes = 0;
  #receivableBytes = windowBytes;
  #isEofSent = false;
  #isCloseSent = false;
  #isOver = false;

  constructor(remote: RemoteEnd, send: Send) {
    super({ highWaterMark: packetBytes * 2, emitClose: false, autoDestroy: false });
    this.#remote = remote;
    this.#send = send;
    this.#sendableBytes = remote.windowBytes;
    this.stderr = new Readable({
      highWaterMark: packetBytes * 2,
      autoDestroy: false,
      read: () => this.#taken(this.stderr),
    });
  }

  override _read(): void {
    this.#taken(this);
  }

  /** Never calls `done` once the channel is closed: an error would discard output that has arrived and is not read yet. */
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#isOver || this.#isCloseSent) return;
    this.#pending = { chunk, done };
    this.#flush();
  }

  override _final(done: () => void): void {
    if (!this.#isOver && !this.#isCloseSent && !this.#isEofSent) this.#send(message.eof, this.#remote.id);
    this.#isEofSent = true;
    done();
  }

  /** Handles a packet for this channel; returns whether the channel has ended. */
  handlePacket(type: number, packet: Buffer): boolean {
    const fields = createFieldReader(packet, 6);
    if (type === message.windowAdjust) {
      this.#sendableBytes += fields.uint32();
      this.#flush();
    } else if (type === message.data) this.#arrived(this, fields.bytes());
    else if (type === message.extendedData) {
      const isStderr = fields.uint32() === 1;
      const bytes = fields.bytes();
      if (isStderr) this.#arrived(this.stderr, bytes);
      else this.#arrived(discarded, bytes);
    } else if (type === message.eof) this.#endOutput();
    else if (type === message.request) this.#requested(fields);
    else if (type === message.close) {
      this.#sendClose();
      this.finish();
    }
    return this.#isOver;
  }

  terminate(): void {
    if (this.#isOver || this.#isCloseSent) return;
    this.#send(message.request, this.#remote.id, "signal", Buffer.of(0), "TERM");
    this.#sendClose();
  }

  /** Ends the channel after the server has closed it or the connection has ended. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#endOutput();
    this.#pending = undefined;
    this.emit("close");
  }

  #sendClose(): void {
    if (!this.#isCloseSent) this.#send(message.close, this.#remote.id);
    this.#isCloseSent = true;
  }

  #endOutput(): void {
    for (const stream of [this, this.stderr])
      if (!stream.destroyed && !stream.readableEnded) stream.push(null);
  }

  #requested(fields: ReturnType<typeof createFieldReader>): void {
    const name = fields.text();
    const wantsReply = fields.boolean();
    if (name === "exit-status") this.emit("exit", fields.uint32());
    else if (name === "exit-signal") this.emit("exit", null, `SIG${fields.text()}`);
    // Such as a keepalive: a refusal is a valid reply.
    else if (wantsReply) this.#send(message.failure, this.#remote.id);
  }

  #flush(): void {
    while (this.#pending !== undefined && (this.#sendableBytes > 0 || this.#pending.chunk.length === 0)) {
      const { chunk, done } = this.#pending;
      const length = Math.min(chunk.length, this.#sendableBytes, this.#remote.packetBytes, maxPacketBytes);
      if (length > 0) this.#send(message.data, this.#remote.id, length, chunk.subarray(0, length));
      this.#sendableBytes -= length;
      const isWhole = length === chunk.length;
      this.#pending = isWhole ? undefined : { chunk: chunk.subarray(length), done };
      if (isWhole) done();
    }
  }

  #arrived(stream: Readable, bytes: Buffer): void {
    this.#receivableBytes -= bytes.length;
    if (this.#receivableBytes < 0) throw new RangeError("the server sent more than its window allows");
    // Copy it, because the packet shares its memory with everything from the same read.
    if (stream.destroyed || stream.push(Buffer.from(bytes))) this.#consumed(bytes.length);
    else this.#unread.set(stream, (this.#unread.get(stream) ?? 0) + bytes.length);
  }

  #taken(stream: Readable): void {
    const bytes = this.#unread.get(stream) ?? 0;
    this.#unread.delete(stream);
    this.#consumed(bytes);
  }

  #consumed(bytes: number): void {
    this.#readBytes += bytes;
    if (this.#isOver || this.#readBytes < windowBytes / 2) return;
    this.#send(message.windowAdjust, this.#remote.id, this.#readBytes);
    this.#receivableBytes += this.#readBytes;
    this.#readBytes = 0;
  }
}

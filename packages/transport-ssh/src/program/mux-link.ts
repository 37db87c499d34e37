import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { CommandChannel } from "../executor/connection.ts";
import { createFieldReader, createPacketReader, encodePacket } from "./packets.ts";
import { message, packetBytes, SessionChannel, windowBytes } from "./session-channel.ts";

/** Messages of OpenSSH's PROTOCOL.mux, version 4. */
const mux = { hello: 1, terminate: 0x10000005, proxy: 0x1000000f, proxyReply: 0x8000000f } as const;
const muxVersion = 4;
const timeoutMs = 5_000;

/** Channels through an `ssh` master in proxy mode: the master encrypts, and we speak the connection protocol (RFC 4254) with the server. */
export interface MuxLink {
  readonly stream: Socket;
  exec<T>(command: string, begin: (channel: CommandChannel) => T): Promise<T>;
}

interface Opening {
  readonly command: string;
  readonly opened: (channel: SessionChannel) => void;
  readonly refused: (error: Error) => void;
}

/**
 * Connects to the control socket of a master. The master runs while the socket is open. When it closes, because this process ended in
 * whatever way, the master ends after its `ControlPersist` time.
 */
export async function openMuxLink(path: string): Promise<MuxLink> {
  const stream = await startProxyMode(path);
  const channels = new Map<number, Opening | SessionChannel>();
  let lastId = 0;
  const send = (type: number, ...parts: readonly (number | string | Uint8Array)[]) => {
    // The first byte is the length of the padding, which is zero.
    if (!stream.destroyed) stream.write(encodePacket(Buffer.of(0, type), ...parts));
  };
  const handlePacket = (bytes: Buffer) => {
    const type = bytes.readUInt8(1);
    if (type < message.openConfirmation || type > message.failure) return;
    const id = bytes.readUInt32BE(2);
    const channel = channels.get(id);
    if (channel instanceof SessionChannel) {
      if (channel.handlePacket(type, bytes)) channels.delete(id);
    } else if (channel !== undefined) handleOpenReply(id, channel, type, bytes);
  };
  const handleOpenReply = (id: number, opening: Opening, type: number, bytes: Buffer) => {
    const fields = createFieldReader(bytes, 6);
    if (type === message.openFailure) {
      channels.delete(id);
      const reason = fields.uint32();
      opening.refused(Object.assign(new Error(`no channel was opened: ${fields.text()}`), { reason }));
    } else if (type === message.openConfirmation) {
      const remote = {
        id: fields.uint32(),
        windowBytes: fields.uint32(),
        packetBytes: fields.uint32(),
      };
      const channel = new SessionChannel(remote, send);
      channels.set(id, channel);
      // Sent before any input. No reply is requested: a server that refuses the command closes the channel.
      send(message.request, remote.id, "exec", Buffer.of(0), opening.command);
      opening.opened(channel);
    }
  };
  stream.on("data", destroyOnError(stream, createPacketReader(handlePacket)));
  stream.once("close", () => {
    for (const channel of channels.values()) {
      if (channel instanceof SessionChannel) channel.finish();
      else channel.refused(new Error("the connection has ended"));
    }
    channels.clear();
  });
  return {
    stream,
    exec: (command, begin) =>
      new Promise((resolve, reject) => {
        if (stream.destroyed) return reject(new Error("the connection has ended"));
        lastId += 1;
        channels.set(lastId, {
          command,
          opened: (channel) => resolve(begin(channel)),
          refused: reject,
        });
        send(message.open, "session", lastId, windowBytes, packetBytes);
      }),
  };
}

/** Asks a master to end; resolves once it has, or after a second. */
export async function endMaster(path: string): Promise<void> {
  const socket = connect(path);
  const closed = new Promise<void>((resolve) => void socket.once("close", resolve));
  socket.on("error", () => {});
  socket.resume();
  socket.write(encodePacket(mux.hello, muxVersion));
  socket.write(encodePacket(mux.terminate, 0));
  const timer = setTimeout(() => socket.destroy(), 1_000);
  await closed;
  clearTimeout(timer);
}

/** Connects to the master, exchanges greetings, and starts the proxy mode. */
async function startProxyMode(path: string): Promise<Socket> {
  const socket = connect(path);
  const timer = setTimeout(
    () => socket.destroy(new Error("the ssh program does not answer at its control socket")),
    timeoutMs,
  );
  try {
    await once(socket, "connect");
    const whenAnswered = new Promise<void>((resolve, reject) => {
      const answer = createPacketReader((bytes) => {
        const type = bytes.readUInt32BE(0);
        if (type === mux.hello) return;
        socket.off("data", read);
        // No channel is open yet, so nothing follows the answer.
        if (type === mux.proxyReply) resolve();
        else reject(new Error("this ssh program has no proxy mode (OpenSSH 7.4 or newer is needed)"));
      });
      const read = destroyOnError(socket, answer);
      socket.on("data", read);
      socket.once("error", reject).once("close", () => reject(new Error("ssh closed its control socket")));
    });
    socket.write(encodePacket(mux.hello, muxVersion));
    socket.write(encodePacket(mux.proxy, 0));
    await whenAnswered;
    socket.on("error", () => {});
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Destroys the stream when reading a packet fails, so that invalid bytes never end the process. */
function destroyOnError(stream: Socket, read: (chunk: Buffer) => void): (chunk: Buffer) => void {
  return (chunk) => {
    try {
      read(chunk);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

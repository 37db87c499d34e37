import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { OnEnd } from "./keys.ts";

/** A TCP proxy in front of a server, controlled by a test. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes that have passed, from the client and to it. */
  readonly up: number;
  readonly down: number;
  /** Number of connections so far. */
  readonly connections: number;
  /** Resets all connections. */
  cut(): void;
  /** Discards all further bytes silently. */
  swallow(): void;
  /** Resets the connections after this many further bytes in one direction. */
  cutAfter(direction: "up" | "down", bytes: number): void;
  /** Limits the rate from the client. */
  slowDown(bytesPerSecond: number): void;
  heal(): void;
}

export async function tcpProxy(target: number, onEnd: OnEnd): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let remaining = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
  const passed = { up: 0, down: 0 };
  let connections = 0;
  let isSwallowing = false;
  let upBytesPerSecond = Number.POSITIVE_INFINITY;

  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
  };
  const carry = (from: Socket, to: Socket, direction: "up" | "down") => {
    from.on("data", (chunk: Buffer) => {
      if (isSwallowing) return;
      const part = chunk.subarray(0, remaining[direction]);
      passed[direction] += part.length;
      remaining[direction] -= part.length;
      const slow = direction === "up" && upBytesPerSecond !== Number.POSITIVE_INFINITY;
      if (slow) {
        from.pause();
        setTimeout(() => from.resume(), (part.length / upBytesPerSecond) * 1000);
      }
      const hasMore = to.write(part);
      if (remaining[direction] === 0) to.end(() => cut());
      else if (!hasMore && !slow) {
        from.pause();
        to.once("drain", () => from.resume());
      }
    });
    from.on("end", () => to.end());
    from.on("close", () => {
      to.destroy();
      sockets.delete(from);
    });
    from.on("error", () => to.destroy());
  };
  const server = createServer({ highWaterMark: 16 * 1024 }, (client) => {
    connections += 1;
    const serverSocket = connect({ port: target, host: "127.0.0.1" });
    sockets.add(client).add(serverSocket);
    carry(client, serverSocket, "up");
    carry(serverSocket, client, "down");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onEnd(async () => {
    cut();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    get up() {
      return passed.up;
    },
    get down() {
      return passed.down;
    },
    get connections() {
      return connections;
    },
    cut,
    swallow: () => {
      isSwallowing = true;
    },
    cutAfter(direction, bytes) {
      remaining = { ...remaining, [direction]: bytes };
    },
    slowDown(bytesPerSecond) {
      upBytesPerSecond = bytesPerSecond;
    },
    heal() {
      remaining = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
      isSwallowing = false;
      upBytesPerSecond = Number.POSITIVE_INFINITY;
    },
  };
}

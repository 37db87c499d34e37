import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** Listens but never accepts: the thread blocks its event loop forever. */
const listenerScript = `
const { parentPort, workerData } = require("node:worker_threads");
require("node:net").createServer().listen({ ...workerData, backlog: 1 }, () => {
  parentPort.postMessage("listening");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** More connections than the kernel queues for a listener that never accepts. */
const queuedConnections = 4;

/**
 * Emulates an address that drops packets, so that connecting hangs. The computer's firewall is not changed; instead,
 * the queue of a listener is full, so that the kernel drops new connections.
 */
export function openFirewall(host: string, port: number): { close(): void } {
  const worker = new Worker(listenerScript, { eval: true, workerData: { host, port } });
  const waiting: Socket[] = [];
  worker.on("error", () => {});
  worker.once("message", () => {
    for (let number = 0; number < queuedConnections; number += 1) {
      waiting.push(connect({ host, port }).on("error", () => {}));
    }
  });
  worker.unref();
  return {
    close() {
      for (const socket of waiting) socket.destroy();
      void worker.terminate();
    },
  };
}

import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** Listens and never accepts: its thread sleeps in the middle of its only turn. */
const listenerScript = `
const { parentPort, workerData } = require("node:worker_threads");
require("node:net").createServer().listen({ ...workerData, backlog: 1 }, () => {
  parentPort.postMessage("listening");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** What the kernel keeps for a listener that never accepts, and some more. */
const queuedConnections = 4;

/**
 * An address whose packets are dropped: to connect takes until somebody's patience ends. Nothing of the computer's own
 * firewall is touched; a listener's queue is full, so that the kernel drops what comes.
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

import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { Reply } from "./reply.ts";

const dripIntervalMs = 100;
const block = Buffer.alloc(64 * 1024, " ");

/** Sends a reply, complete or broken. */
export function send(context: Context<{ Bindings: HttpBindings }>, reply: Reply): Response {
  if (reply.kind === "json" || reply.kind === "text") {
    const { status, body, type } = serialize(reply);
    // A 204 has no body, not even an empty one.
    return new Response(status === 204 ? null : body, {
      status,
      headers: { "content-type": type, ...reply.headers },
    });
  }
  const { outgoing } = context.env;
  if (reply.kind === "cut") outgoing.destroy();
  if (reply.kind === "half") {
    const { status, body, type } = serialize(reply.reply);
    outgoing.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
    outgoing.write(body.slice(0, Math.ceil(body.length / 2)), () => outgoing.destroy());
  }
  if (reply.kind === "flood" || reply.kind === "drip") {
    outgoing.writeHead(200, { "content-type": "application/json" });
    outgoing.write('{"data": "');
    if (reply.kind === "flood") flood(outgoing, reply.bytes);
    else drip(outgoing);
  }
  return RESPONSE_ALREADY_SENT;
}

/** Sends bytes as fast as the client reads, until it disconnects or all are sent. */
function flood(outgoing: HttpBindings["outgoing"], bytes: number): void {
  let remainingBytes = bytes;
  const writeBlocks = () => {
    while (remainingBytes > 0 && !outgoing.destroyed) {
      remainingBytes -= block.length;
      if (!outgoing.write(block)) {
        outgoing.once("drain", writeBlocks);
        return;
      }
    }
    if (!outgoing.destroyed) outgoing.end('"}');
  };
  writeBlocks();
}

/** Sends a byte at each interval until the client disconnects. */
function drip(outgoing: HttpBindings["outgoing"]): void {
  const timer = setInterval(() => {
    if (outgoing.destroyed) clearInterval(timer);
    else outgoing.write(" ");
  }, dripIntervalMs);
  timer.unref();
}

function serialize(reply: Reply): { readonly status: number; readonly body: string; readonly type: string } {
  if (reply.kind === "json") {
    return { status: reply.status, body: JSON.stringify(reply.body), type: "application/json" };
  }
  if (reply.kind === "text") return { status: reply.status, body: reply.body, type: "text/html" };
  return { status: 200, body: '{"data": null}', type: "application/json" };
}

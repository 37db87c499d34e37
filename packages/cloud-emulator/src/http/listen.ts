import { serve } from "@hono/node-server";
import type { Hono } from "hono";

/** A running HTTP server on 127.0.0.1. */
export interface ListeningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves an API on 127.0.0.1; port 0 is any free one. */
// biome-ignore lint/suspicious/noExplicitAny: any bindings
export function listen(app: Hono<any>, port: number): Promise<ListeningServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (address) =>
      resolve({
        port: address.port,
        close: () =>
          new Promise((ended) => {
            server.close(() => ended());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
    server.once("error", reject);
  });
}

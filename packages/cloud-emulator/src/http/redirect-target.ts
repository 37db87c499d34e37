import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to a host that no client should contact. */
export interface UnexpectedRequest {
  readonly method: string;
  readonly path: string;
  /** A header contained the API key. */
  readonly hasKey: boolean;
}

export interface RedirectTarget {
  readonly url: string;
  readonly requests: readonly UnexpectedRequest[];
  close(): Promise<void>;
}

/** Starts another host (a different port of this computer) as the target of a redirect. */
export async function startRedirectTarget(apiKey: string): Promise<RedirectTarget> {
  const requests: UnexpectedRequest[] = [];
  const server = createServer((request, response) => {
    const hasKey = JSON.stringify(request.rawHeaders).includes(apiKey);
    requests.push({ method: request.method ?? "", path: request.url ?? "", hasKey });
    response.end('{"data": {"id": "stolen"}}');
  });
  await listen(server);
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What arrived at a host that nobody should have been sent to. */
export interface UnexpectedRequest {
  readonly method: string;
  readonly path: string;
  /** Whether it carried any header that holds a key. */
  readonly hasKey: boolean;
}

export interface RedirectTarget {
  readonly url: string;
  readonly requests: readonly UnexpectedRequest[];
  close(): Promise<void>;
}

/** Another host (another port of this one): where a redirect leads. */
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

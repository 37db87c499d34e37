import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A proxy that runs until the test has finished. */
export interface TestProxy {
  /** `host:port`. */
  readonly host: string;
  /** The requests that it received: `CONNECT api.test:443` or `GET http://api.test/x`. */
  readonly requests: readonly string[];
  /** The `proxy-authorization` headers that it received. */
  readonly logins: readonly string[];
}

interface Behavior {
  /** Refuses with this status and headers instead of forwarding. */
  readonly refusal?: { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
  /** Accepts connections and never answers. */
  readonly hangs?: boolean;
  /** The port on this computer that all tunnels and requests lead to, whatever host they name. */
  readonly port?: number;
}

/** Starts a real HTTP proxy, which opens CONNECT tunnels and forwards plain requests. */
export async function startProxy({ refusal, hangs, port }: Behavior): Promise<TestProxy> {
  const requests: string[] = [];
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const note = (incoming: IncomingMessage) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    const login = incoming.headers["proxy-authorization"];
    if (login !== undefined) logins.push(login);
  };
  const server = createServer((incoming: IncomingMessage, answer: ServerResponse) => {
    note(incoming);
    if (hangs) return;
    if (refusal !== undefined) {
      answer.writeHead(refusal.status, refusal.headers).end("<html><title>Blocked</title></html>");
      return;
    }
    const url = new URL(incoming.url ?? "");
    const onward = { host: "127.0.0.1", port, method: incoming.method, path: url.pathname };
    incoming.pipe(
      request({ ...onward, headers: { host: url.host } }, (response) => {
        answer.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(answer);
      }),
    );
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    note(incoming);
    if (hangs) return;
    if (refusal !== undefined) {
      const headers = Object.entries(refusal.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(
        `HTTP/1.1 ${refusal.status} No\r\n${headers.join("")}\r\n<html><title>Blocked</title></html>`,
      );
      return;
    }
    const onward = connect(port ?? 0, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests, logins };
}

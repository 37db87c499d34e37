import { connect, createServer, type Server, type Socket } from "node:net";
import { openFirewall } from "./firewall.ts";

/**
 * What a client reaches at a public address: nothing, a firewall, a server that never responds, or a machine's sshd.
 */
export type Backend =
  | { readonly kind: "nobody" }
  | { readonly kind: "firewall" }
  | { readonly kind: "silent" }
  | { readonly kind: "machine"; readonly host: string; readonly port: number };

/** Routes connections to one public address. */
export interface PublicAddressRouter {
  /** Sets the backend, and closes connections to another one. */
  set(backend: Backend): void;
  /** Closes all open connections. */
  cut(): void;
  close(): void;
}

const retryAfterMs = 20;

export function openAddressRouter(ip: string, port: number): PublicAddressRouter {
  let backend: Backend = { kind: "nobody" };
  let server: Server | undefined;
  let firewall: { close(): void } | undefined;
  const open = new Set<Socket>();

  const cut = () => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  const closeServer = () => {
    server?.close();
    server = undefined;
    firewall?.close();
    firewall = undefined;
    cut();
  };
  const accept = (client: Socket) => {
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    if (backend.kind === "machine") connectClient(client, backend.host, backend.port);
  };

  return {
    set(next) {
      if (isSameBackend(backend, next)) return;
      backend = next;
      if (next.kind === "nobody" || next.kind === "firewall") {
        closeServer();
        if (next.kind === "firewall") firewall = openFirewall(ip, port);
        return;
      }
      if (server !== undefined) return cut();
      closeServer();
      // Half-closed connections are normal: a client ends its side and continues to read.
      server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
      server.on("error", () => closeServer());
      server.listen(port, ip);
    },
    cut,
    close: closeServer,
  };
}

/** Connects a client to a machine. If sshd is not up yet, the connection waits for it. */
function connectClient(client: Socket, host: string, port: number): void {
  const machine = connect({ host, port, allowHalfOpen: true, noDelay: true });
  machine.once("connect", () => {
    client.pipe(machine);
    machine.pipe(client);
    // The machine's last bytes may still be in transit.
    machine.on("close", () => client.end(() => client.destroy()));
  });
  const disconnect = () => machine.destroy();
  machine.on("error", ({ code }: NodeJS.ErrnoException) => {
    client.off("close", disconnect);
    if (code !== "ECONNREFUSED") client.destroy();
    else if (!client.destroyed) setTimeout(connectClient, retryAfterMs, client, host, port);
  });
  client.once("close", disconnect);
}

function isSameBackend(a: Backend, b: Backend): boolean {
  if (a.kind !== "machine" || b.kind !== "machine") return a.kind === b.kind;
  return a.host === b.host && a.port === b.port;
}

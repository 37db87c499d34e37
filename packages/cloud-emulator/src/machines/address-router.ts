import { connect, createServer, type Server, type Socket } from "node:net";
import { openFirewall } from "./firewall.ts";

/** What a client finds behind a public address: nobody, a wall, somebody who says nothing, or a machine's sshd. */
export type Backend =
  | { readonly kind: "nobody" }
  | { readonly kind: "firewall" }
  | { readonly kind: "silent" }
  | { readonly kind: "machine"; readonly host: string; readonly port: number };

/** One public address: what the cloud's router does with it. */
export interface PublicAddressRouter {
  /** What is behind from now on; connections that lead elsewhere are cut. */
  set(backend: Backend): void;
  /** Cuts what is open now. */
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
      // Half-closed connections are ordinary: a client sends its end and reads on.
      server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
      server.on("error", () => closeServer());
      server.listen(port, ip);
    },
    cut,
    close: closeServer,
  };
}

/** A machine that is not up yet says nothing: the connection waits for its sshd. */
function connectClient(client: Socket, host: string, port: number): void {
  const machine = connect({ host, port, allowHalfOpen: true, noDelay: true });
  machine.once("connect", () => {
    client.pipe(machine);
    machine.pipe(client);
    // What it said last is still on its way.
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

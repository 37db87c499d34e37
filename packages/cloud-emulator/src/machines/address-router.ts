import { connect, createServer, type Server, type Socket } from "node:net";
import { openFirewall } from "./firewall.ts";

/** What a client finds behind a public address: nobody, a wall, somebody who says nothing, or a machine's sshd. */
export type Behind =
  | { readonly is: "nobody" }
  | { readonly is: "firewall" }
  | { readonly is: "silent" }
  | { readonly is: "machine"; readonly host: string; readonly port: number };

/** One public address: what the cloud's router does with it. */
export interface PublicAddressRouter {
  /** What is behind from now on; connections that lead elsewhere are cut. */
  set(behind: Behind): void;
  /** Cuts what is open now. */
  cut(): void;
  close(): void;
}

const retryAfterMs = 20;

export function openAddressRouter(ip: string, port: number): PublicAddressRouter {
  let behind: Behind = { is: "nobody" };
  let server: Server | undefined;
  let wall: { close(): void } | undefined;
  const open = new Set<Socket>();

  const cut = () => {
    for (const socket of open) socket.destroy();
    open.clear();
  };
  const shut = () => {
    server?.close();
    server = undefined;
    wall?.close();
    wall = undefined;
    cut();
  };
  const accept = (client: Socket) => {
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => client.destroy());
    if (behind.is === "machine") join(client, behind.host, behind.port);
  };

  return {
    set(next) {
      if (isSameBackend(behind, next)) return;
      behind = next;
      if (next.is === "nobody" || next.is === "firewall") {
        shut();
        if (next.is === "firewall") wall = openFirewall(ip, port);
        return;
      }
      if (server !== undefined) return cut();
      shut();
      // Half-closed connections are ordinary: a client sends its end and reads on.
      server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
      server.on("error", () => shut());
      server.listen(port, ip);
    },
    cut,
    close: shut,
  };
}

/** A machine that is not up yet says nothing: the connection waits for its sshd. */
function join(client: Socket, host: string, port: number): void {
  const machine = connect({ host, port, allowHalfOpen: true, noDelay: true });
  machine.once("connect", () => {
    client.pipe(machine);
    machine.pipe(client);
    // What it said last is still on its way.
    machine.on("close", () => client.end(() => client.destroy()));
  });
  const leave = () => machine.destroy();
  machine.on("error", ({ code }: NodeJS.ErrnoException) => {
    client.off("close", leave);
    if (code !== "ECONNREFUSED") client.destroy();
    else if (!client.destroyed) setTimeout(join, retryAfterMs, client, host, port);
  });
  client.once("close", leave);
}

function isSameBackend(a: Behind, b: Behind): boolean {
  if (a.is !== "machine" || b.is !== "machine") return a.is === b.is;
  return a.host === b.host && a.port === b.port;
}

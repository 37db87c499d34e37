import type { Client, ClientChannel } from "ssh2";
import type { CommandChannel } from "../executor/connection.ts";

/** A channel of ssh2 that can also ask the server to end its command. */
export function commandChannel(client: Client, channel: ClientChannel): CommandChannel {
  return Object.assign(channel, { terminate: () => terminate(client, channel) });
}

/** `channel.signal()` says nothing once the input has ended (ssh2 1.17), though the server would still take it. */
function terminate(client: Client, channel: ClientChannel): void {
  const { _protocol: protocol } = client as Client & WithProtocol;
  const { outgoing } = channel as ClientChannel & WithOutgoing;
  if (outgoing?.state === "open" || outgoing?.state === "eof") protocol?.signal(outgoing.id, "TERM");
  channel.close();
}

interface WithProtocol {
  readonly _protocol?: { signal(channel: number, name: string): void };
}

interface WithOutgoing {
  readonly outgoing?: { readonly id: number; readonly state: string };
}

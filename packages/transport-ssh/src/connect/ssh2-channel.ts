import type { Client, ClientChannel } from "ssh2";
import type { CommandChannel } from "../executor/connection.ts";

/** Adds `terminate` to a channel of ssh2, which asks the server to end the command. */
export function createCommandChannel(client: Client, channel: ClientChannel): CommandChannel {
  return Object.assign(channel, { terminate: () => terminate(client, channel) });
}

/** Sends the signal itself, because `channel.signal()` of ssh2 1.17 sends nothing once the input has ended. */
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

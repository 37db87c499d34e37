import type { Duplex } from "node:stream";
import type { NotReady } from "@unitrain/core/spec";
import { computeFingerprint, formatKeyType } from "../host-key/host-key.ts";
import type { Hop, Target } from "../target/target.ts";
import { awaitBanner } from "./banner.ts";
import type { Ssh2Connection } from "./connection.ts";
import { login } from "./login.ts";
import type { LoginRefused } from "./login-refused.ts";
import { createNotReady } from "./not-ready.ts";
import { startProxyCommand } from "./proxy-command.ts";
import { dial } from "./tcp.ts";

export interface Ssh2LoginOptions {
  readonly signal: AbortSignal;
  readonly showStatus: (message: string) => void;
  readonly silenceMs: number;
}

/** Tries once to log in: TCP, banner and login of each host on the way. */
export async function logInWithSsh2(
  target: Target,
  options: Ssh2LoginOptions,
): Promise<Ssh2Connection | NotReady | LoginRefused> {
  const { isLeased, jumps } = target;
  const connections: Ssh2Connection[] = [];
  const closeAll = async () => {
    for (const connection of connections.toReversed()) await connection.close();
  };
  let hasArrived = false;
  try {
    for (const hop of [...jumps, target]) {
      const stream = await openStream(hop, target, connections.at(-1), options.signal);
      if ("ready" in stream) return stream;
      const noBanner = await awaitBanner(stream, { displayName: hop.displayName, isLeased }, options.signal);
      if (noBanner !== undefined) return noBanner;
      const loggedIn = await login(stream, hop, { isLeased, ...options }).catch((error: unknown) => {
        // An open stream would keep this process alive until the server closes it.
        stream.destroy();
        throw error;
      });
      if ("ready" in loggedIn || "refusal" in loggedIn) return loggedIn;
      connections.push(loggedIn.connection);
      if (loggedIn.isFirst && hop === target) options.showStatus("SSH service ready");
      if (loggedIn.pinnedKey !== undefined) {
        const key = `${formatKeyType(loggedIn.pinnedKey)} ${computeFingerprint(loggedIn.pinnedKey)}`;
        options.showStatus(`host key of ${hop.host} pinned on first use: ${key}`);
      }
    }
    hasArrived = true;
  } finally {
    if (!hasArrived) await closeAll();
  }
  const [last, ...before] = connections.toReversed();
  if (last === undefined) return createNotReady("login", "the route has no machine");
  if (before.length === 0) return last;
  return {
    client: last.client,
    stream: last.stream,
    get endReason() {
      return last.endReason;
    },
    onEnd: last.onEnd,
    exec: last.exec,
    close: closeAll,
  };
}

async function openStream(
  hop: Hop,
  target: Target,
  previousHop: Ssh2Connection | undefined,
  signal: AbortSignal,
): Promise<Duplex | NotReady> {
  if (previousHop !== undefined) return forwardThrough(previousHop, hop);
  if (hop.proxyCommand !== undefined) return startProxyCommand(hop.proxyCommand);
  return dial({ ...hop, isLeased: target.isLeased }, signal);
}

function forwardThrough(
  { client, endReason: cut }: Ssh2Connection,
  { host, port, displayName }: Hop,
): Promise<Duplex | NotReady> {
  return new Promise((resolve) => {
    if (cut !== undefined)
      return resolve(createNotReady("tcp", `the connection on the way to ${displayName} was lost: ${cut}`));
    try {
      client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
        resolve(
          error
            ? createNotReady("tcp", `the jump host cannot reach ${displayName}: ${error.message}`)
            : channel,
        );
      });
    } catch (error) {
      resolve(
        createNotReady(
          "tcp",
          `the connection on the way to ${displayName} was lost: ${(error as Error).message}`,
        ),
      );
    }
  });
}

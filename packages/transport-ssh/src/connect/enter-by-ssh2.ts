import type { Duplex } from "node:stream";
import type { NotReady } from "@unitrain/core/spec";
import { fingerprint, kindOf } from "../host-key/host-key.ts";
import type { Hop, Target } from "../target/target.ts";
import { awaitBanner } from "./banner.ts";
import type { Ssh2Connection } from "./connection.ts";
import { login } from "./login.ts";
import type { LoginRefused } from "./login-refused.ts";
import { notYet } from "./not-yet.ts";
import { proxied } from "./proxy-command.ts";
import { dial } from "./tcp.ts";

export interface Ssh2Way {
  readonly signal: AbortSignal;
  readonly showStatus: (message: string) => void;
  readonly silenceMs: number;
}

/** One try: TCP, banner and login of each host on the way. */
export async function enterBySsh2(
  target: Target,
  options: Ssh2Way,
): Promise<Ssh2Connection | NotReady | LoginRefused> {
  const { isLeased, jumps } = target;
  const passed: Ssh2Connection[] = [];
  const leave = async () => {
    for (const connection of passed.toReversed()) await connection.close();
  };
  let hasArrived = false;
  try {
    for (const hop of [...jumps, target]) {
      const stream = await streamTo(hop, target, passed.at(-1), options.signal);
      if ("ready" in stream) return stream;
      const silent = await awaitBanner(stream, { shownAs: hop.shownAs, isLeased }, options.signal);
      if (silent !== undefined) return silent;
      const entered = await login(stream, hop, { isLeased, ...options }).catch((error: unknown) => {
        // Left open, it would keep this process alive until the server closes it.
        stream.destroy();
        throw error;
      });
      if ("ready" in entered || "refusal" in entered) return entered;
      passed.push(entered.connection);
      if (entered.isFirst && hop === target) options.showStatus("SSH service ready");
      if (entered.pinnedKey !== undefined) {
        const key = `${kindOf(entered.pinnedKey)} ${fingerprint(entered.pinnedKey)}`;
        options.showStatus(`host key of ${hop.host} pinned on first use: ${key}`);
      }
    }
    hasArrived = true;
  } finally {
    if (!hasArrived) await leave();
  }
  const [last, ...before] = passed.toReversed();
  if (last === undefined) return notYet("login", "there is nobody to log in to");
  if (before.length === 0) return last;
  return {
    client: last.client,
    stream: last.stream,
    get cut() {
      return last.cut;
    },
    onOver: last.onOver,
    exec: last.exec,
    close: leave,
  };
}

async function streamTo(
  hop: Hop,
  target: Target,
  before: Ssh2Connection | undefined,
  signal: AbortSignal,
): Promise<Duplex | NotReady> {
  if (before !== undefined) return forwarded(before, hop);
  if (hop.proxyCommand !== undefined) return proxied(hop.proxyCommand);
  return dial({ ...hop, isLeased: target.isLeased }, signal);
}

function forwarded(
  { client, cut }: Ssh2Connection,
  { host, port, shownAs }: Hop,
): Promise<Duplex | NotReady> {
  return new Promise((resolve) => {
    if (cut !== undefined) return resolve(notYet("tcp", `the way to ${shownAs} was cut: ${cut}`));
    try {
      client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
        resolve(
          error
            ? notYet("tcp", `the machine before it does not reach ${shownAs}: ${error.message}`)
            : channel,
        );
      });
    } catch (error) {
      resolve(notYet("tcp", `the way to ${shownAs} was cut: ${(error as Error).message}`));
    }
  });
}

import { connect, type Socket } from "node:net";
import type { NotReady } from "@unitrain/core/spec";
import { createNotReady } from "./not-ready.ts";

/** Short, because a machine that boots loses the first packets, and the next attempt follows at once. */
const timeoutMs = 3_000;

/** Tries once to open a TCP connection. */
export function dial(
  { host, port, isLeased }: { readonly host: string; readonly port: number; readonly isLeased: boolean },
  signal: AbortSignal,
): Promise<Socket | NotReady> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, autoSelectFamily: true });
    const settle = (answer: Socket | NotReady) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      socket.off("error", onError);
      if ("ready" in answer) {
        socket.on("error", () => {});
        socket.destroy();
      }
      resolve(answer);
    };
    const onAbort = () => settle(createNotReady("tcp", "the attempt was cancelled"));
    const onError = ({ code, message }: NodeJS.ErrnoException) =>
      settle(
        createNotReady("tcp", describeError(code, message, `${host}:${port}`, host), isFinal(code, isLeased)),
      );
    const timer = setTimeout(() => {
      const possibleCauses = isLeased
        ? ""
        : " (check firewalls, security groups, and whether the machine is switched on)";
      settle(createNotReady("tcp", `nothing answers at ${host}:${port}${possibleCauses}`));
    }, timeoutMs);
    socket.once("error", onError);
    socket.once("connect", () => settle(socket));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

function describeError(code: string | undefined, message: string, address: string, host: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return `${address} refuses connections: no SSH server listens on that port`;
    case "ETIMEDOUT":
      return `nothing answers at ${address}`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
      return `${address} cannot be reached from this computer's network`;
    case "ENOTFOUND":
      return `DNS does not know the name ${host}`;
    case "EAI_AGAIN":
      return `DNS cannot look up the name ${host} at the moment`;
    default:
      return `${address}: ${message}`;
  }
}

/** An unknown name is probably mistyped, unless the machine is so new that its name is not known yet. */
function isFinal(code: string | undefined, isLeased: boolean): boolean {
  return code === "ENOTFOUND" && !isLeased;
}

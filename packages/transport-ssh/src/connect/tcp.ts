import { connect, type Socket } from "node:net";
import type { NotReady } from "@unitrain/core/spec";
import { notYet } from "./not-yet.ts";

/** Short: a machine that boots loses the first packets, and the next try comes at once. */
const patienceMs = 3_000;

/** One try to open a TCP connection. */
export function dial(
  { host, port, isLeased }: { readonly host: string; readonly port: number; readonly isLeased: boolean },
  signal: AbortSignal,
): Promise<Socket | NotReady> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, autoSelectFamily: true });
    const settle = (answer: Socket | NotReady) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      socket.off("error", failed);
      if ("ready" in answer) {
        socket.on("error", () => {});
        socket.destroy();
      }
      resolve(answer);
    };
    const abort = () => settle(notYet("tcp", "the try was given up"));
    const failed = ({ code, message }: NodeJS.ErrnoException) =>
      settle(notYet("tcp", reasonOf(code, message, `${host}:${port}`, host), isFinal(code, isLeased)));
    const timer = setTimeout(() => {
      const wall = isLeased ? "" : " (a firewall, a security group, or a machine that is switched off)";
      settle(notYet("tcp", `nothing answers at ${host}:${port}${wall}`));
    }, patienceMs);
    socket.once("error", failed);
    socket.once("connect", () => settle(socket));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

function reasonOf(code: string | undefined, message: string, address: string, host: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return `${address} refuses connections: no SSH server listens there`;
    case "ETIMEDOUT":
      return `nothing answers at ${address}`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
      return `${address} cannot be reached from this computer's network`;
    case "ENOTFOUND":
      return `there is no machine by the name ${host} (DNS)`;
    case "EAI_AGAIN":
      return `the name ${host} cannot be looked up now (DNS)`;
    default:
      return `${address}: ${message}`;
  }
}

/** A name that nobody knows is a mistyped one, unless the machine is so young that its name is not known yet. */
function isFinal(code: string | undefined, isLeased: boolean): boolean {
  return code === "ENOTFOUND" && !isLeased;
}

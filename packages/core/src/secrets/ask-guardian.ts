import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAnswer, readLine, type ValuesRequest, writeLine } from "./messages.ts";
import type { SecretValues } from "./run-secrets.ts";
import { findSocket } from "./socket-place.ts";

/** How long to wait for the socket of a guardian, which may just have been started. It begins to listen when it lists the runs. */
const socketPatienceMs = 5_000;
const pollMs = 50;

/** Returns the values of a run's secrets that the guardian has, the newest last: none if there is no guardian. */
export async function askGuardian(home: string, run: string): Promise<readonly SecretValues[]> {
  return (await send(home, { type: "find", run })) ?? [];
}

/** Passes values of a run's secrets to the guardian. Returns false if it cannot take them. */
export async function tellGuardian(
  home: string,
  run: string,
  values: SecretValues,
  patienceMs = socketPatienceMs,
): Promise<boolean> {
  if (process.platform === "win32") return false;
  // A guardian that hangs takes seconds not to answer, so the time counts and not the tries.
  const startedAtMs = performance.now();
  for (;;) {
    if ((await send(home, { type: "keep", run, values })) !== undefined) return true;
    if (performance.now() - startedAtMs >= patienceMs) return false;
    await sleep(pollMs);
  }
}

async function send(home: string, request: ValuesRequest): Promise<readonly SecretValues[] | undefined> {
  const path = await findSocket(home);
  if (path === undefined) return undefined;
  const socket = connect(path);
  try {
    const line = readLine(socket);
    writeLine(socket, request);
    return parseAnswer(await line)?.sources;
  } catch {
    // The guardian has ended or was killed.
    return undefined;
  } finally {
    socket.destroy();
  }
}

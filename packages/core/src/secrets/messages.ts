import type { Socket } from "node:net";
import type { SecretValues } from "./run-secrets.ts";

/** A request to the guardian: to keep values of a run's secrets, or to return those that it has. */
export type ValuesRequest =
  | { readonly type: "keep"; readonly run: string; readonly values: SecretValues }
  | { readonly type: "find"; readonly run: string };

/** The answer of the guardian: the values of the run's secrets that it has now, from several sources, the newest last. */
export interface ValuesAnswer {
  readonly sources: readonly SecretValues[];
}

const longestMessageBytes = 4 * 1024 * 1024;
/** A guardian that hangs, and a client that sends byte by byte, delay the other side this long and no longer. */
const exchangeTimeoutMs = 3_000;

export function parseRequest(text: string): ValuesRequest | undefined {
  const { type, run, values } = parseObject(text);
  if (typeof run !== "string") return undefined;
  if (type === "find") return { type, run };
  return type === "keep" && isSecretValues(values) ? { type, run, values } : undefined;
}

export function parseAnswer(text: string): ValuesAnswer | undefined {
  const { sources } = parseObject(text);
  return Array.isArray(sources) && sources.every(isSecretValues) ? { sources } : undefined;
}

/** Reads one line. Rejects if it is too long, does not arrive within seconds, or the connection ends before. Then closes the connection. */
export function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => socket.destroy(new Error("no answer")), exchangeTimeoutMs);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > longestMessageBytes) socket.destroy(new Error("the message is too long"));
      else if (chunk.includes("\n")) resolve(Buffer.concat(chunks).toString("utf8").split("\n", 1)[0] ?? "");
    });
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(timer);
      reject(new Error("the connection was closed"));
    });
  });
}

export function writeLine(socket: Socket, message: ValuesRequest | ValuesAnswer): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isSecretValues(values: unknown): values is SecretValues {
  return (
    typeof values === "object" &&
    values !== null &&
    Object.values(values).every((value) => typeof value === "string")
  );
}

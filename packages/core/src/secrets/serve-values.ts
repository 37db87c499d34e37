import { chmod, rm, rmdir } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { parseRequest, readLine, writeLine } from "./messages.ts";
import type { SecretValues } from "./run-secrets.ts";
import {
  belongsToUserAlone,
  findSocket,
  listSocketBases,
  makeSocketPath,
  recordSocket,
  removeSocket,
} from "./socket-place.ts";

/** The values of secrets in the guardian's memory, and the socket over which other processes of the user reach them. */
export interface ValuesServer {
  /** Starts to listen, and does so again if the socket or the record of its path was removed, or could not be written. Never rejects. */
  listen(): Promise<void>;
  /** Adds values of a run. */
  keep(runId: string, values: SecretValues): void;
  /** Returns the values of a run that it has, the newest last. Earlier ones are kept, because the training may have been given them. */
  find(runId: string): readonly SecretValues[];
  /** The runs of which it has values. */
  readonly runIds: readonly string[];
  forget(runId: string): void;
  close(): Promise<void>;
}

/** How many earlier sets of values are kept for a run. */
const mostSources = 8;

export interface ServeValuesOptions {
  readonly home: string;
  /** Called with the values that a process has passed for a run. */
  readonly onValues: (runId: string, values: SecretValues) => void;
}

/**
 * Creates the server of the guardian. Values are kept in memory only. Whoever can connect may read them: a process of the same user,
 * because the socket (mode 0600) is in a folder (mode 0700). Node.js cannot ask for the user of a connected process.
 */
export function createValuesServer({ home, onValues }: ServeValuesOptions): ValuesServer {
  const kept = new Map<string, readonly SecretValues[]>();
  const keep = (run: string, values: SecretValues) => {
    const sources = kept.get(run) ?? [];
    const isNew = Object.entries(values).some(([name, value]) => sources.at(-1)?.[name] !== value);
    // A process with another value does not replace the one that the training may have: both must be masked.
    if (isNew) kept.set(run, [...sources.slice(-mostSources), { ...sources.at(-1), ...values }]);
  };
  const connections = new Set<Socket>();
  let listening: { readonly server: Server; readonly path: string } | undefined;

  const answer = async (socket: Socket) => {
    const request = parseRequest(await readLine(socket));
    if (request === undefined) return;
    if (request.type === "keep") {
      keep(request.run, request.values);
      onValues(request.run, request.values);
    }
    writeLine(socket, { sources: kept.get(request.run) ?? [] });
  };
  const connected = (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    answer(socket)
      .catch(() => {})
      .finally(() => socket.end());
  };
  const close = async () => {
    if (listening === undefined) return;
    const { server, path } = listening;
    listening = undefined;
    server.close();
    // Otherwise a client that does not hang up would keep the guardian from ending.
    for (const socket of connections) socket.destroy();
    await removeSocket(home);
    // It is not recorded if the disk was full.
    await rm(dirname(path), { recursive: true, force: true }).catch(() => {});
  };
  return {
    async listen() {
      // Node.js cannot restrict a named pipe of Windows to one user.
      if (process.platform === "win32") return;
      if (listening !== undefined && (await belongsToUserAlone(listening.path))) {
        if ((await findSocket(home)) !== listening.path)
          await recordSocket(home, listening.path).catch(() => {});
        return;
      }
      await close();
      await removeSocket(home);
      for (const base of listSocketBases(home)) {
        const path = await makeSocketPath(base).catch(() => undefined);
        const server = path === undefined ? undefined : await listenAt(path, connected);
        if (path === undefined) continue;
        if (server === undefined) {
          await rmdir(dirname(path)).catch(() => {});
          continue;
        }
        listening = { server, path };
        await recordSocket(home, path).catch(() => {});
        return;
      }
    },
    keep,
    find: (runId) => kept.get(runId) ?? [],
    get runIds() {
      return [...kept.keys()];
    },
    forget: (runId) => void kept.delete(runId),
    close,
  };
}

/** Returns a server that listens at the path, or undefined if the file system has no sockets. */
async function listenAt(path: string, connected: (socket: Socket) => void): Promise<Server | undefined> {
  const server = createServer(connected);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o600);
  } catch {
    server.close();
    return undefined;
  }
  // A failed connection must not end the guardian.
  server.on("error", () => {});
  return server;
}

import { readFileSync } from "node:fs";
import { readFile, truncate } from "node:fs/promises";
import type { Connection } from "../executor/connection.ts";
import { findLastMessage } from "./login-report.ts";
import type { MasterFolder } from "./master-folder.ts";
import { endMaster, openMuxLink } from "./mux-link.ts";

/** The log is truncated at this size, because ssh writes a few lines for each command. */
const maxLogBytes = 1024 * 1024;
const checkLogEveryMs = 60_000;

/** Opens a connection through an `ssh` master, which ends with the connection. */
export async function openProgramConnection(folder: MasterFolder): Promise<Connection> {
  const { stream, exec } = await openMuxLink(folder.socket);
  let endReason: string | undefined;
  let closing: Promise<void> | undefined;
  const listeners = new Set<(reason: string) => void>();
  const timer = setInterval(() => void truncateLog(folder.log), checkLogEveryMs);
  timer.unref();
  const end = (reason: string) => {
    endReason ??= reason;
    clearInterval(timer);
    for (const listener of [...listeners]) listener(endReason);
    listeners.clear();
  };
  const close = async () => {
    end("we closed it");
    stream.destroy();
    await endMaster(folder.socket);
    await folder.remove();
  };
  // Before the listeners of the channels, which would treat their commands as ended.
  stream.prependListener("close", () => end(endReason ?? describeEnd(folder.log)));
  return {
    stream,
    exec,
    get endReason() {
      return endReason;
    },
    onEnd(listener) {
      if (endReason === undefined) listeners.add(listener);
      else listener(endReason);
      return () => void listeners.delete(listener);
    },
    close: () => (closing ??= close()),
  };
}

function describeEnd(log: string): string {
  const ended = "the ssh program ended";
  try {
    const message = findLastMessage(readFileSync(log, "utf8"));
    return message === "" ? ended : `${ended}: ${message}`;
  } catch {
    return ended;
  }
}

/** Truncates the log when it is long. ssh appends to it, so this leaves no gap. */
async function truncateLog(log: string): Promise<void> {
  const text = await readFile(log, "utf8").catch(() => "");
  if (text.length > maxLogBytes) await truncate(log).catch(() => {});
}

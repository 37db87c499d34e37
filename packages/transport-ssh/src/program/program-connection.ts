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
  let cut: string | undefined;
  let closing: Promise<void> | undefined;
  const listeners = new Set<(reason: string) => void>();
  const timer = setInterval(() => void truncateLog(folder.log), checkLogEveryMs);
  timer.unref();
  const end = (reason: string) => {
    cut ??= reason;
    clearInterval(timer);
    for (const listener of [...listeners]) listener(cut);
    listeners.clear();
  };
  const close = async () => {
    end("we closed it");
    stream.destroy();
    await endMaster(folder.socket);
    await folder.remove();
  };
  // Before the listeners of the channels, which would treat their commands as ended.
  stream.prependListener("close", () => end(cut ?? describeEnd(folder.log)));
  return {
    stream,
    exec,
    get endReason() {
      return cut;
    },
    onEnd(listener) {
      if (cut === undefined) listeners.add(listener);
      else listener(cut);
      return () => void listeners.delete(listener);
    },
    close: () => (closing ??= close()),
  };
}

function describeEnd(log: string): string {
  const ended = "the ssh program ended";
  try {
    const words = findLastMessage(readFileSync(log, "utf8"));
    return words === "" ? ended : `${ended}: ${words}`;
  } catch {
    return ended;
  }
}

/** Truncates the log when it is long. ssh appends to it, so this leaves no gap. */
async function truncateLog(log: string): Promise<void> {
  const text = await readFile(log, "utf8").catch(() => "");
  if (text.length > maxLogBytes) await truncate(log).catch(() => {});
}

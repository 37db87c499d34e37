import { readFileSync } from "node:fs";
import { readFile, truncate } from "node:fs/promises";
import type { Connection } from "../executor/connection.ts";
import { findLastMessage } from "./login-report.ts";
import type { MasterFolder } from "./master-folder.ts";
import { endMaster, openMuxLink } from "./mux-link.ts";

/** ssh writes a few lines for each command. */
const maxLogBytes = 1024 * 1024;
const checkLogEveryMs = 60_000;

/** The login of an `ssh` master, as a connection. The master ends with it. */
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
    end("it was closed by us");
    stream.destroy();
    await endMaster(folder.socket);
    await folder.remove();
  };
  // Before the channels hear of it, as if they had come to their own end.
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

/** ssh appends to it: what is cut off leaves no gap. */
async function truncateLog(log: string): Promise<void> {
  const text = await readFile(log, "utf8").catch(() => "");
  if (text.length > maxLogBytes) await truncate(log).catch(() => {});
}

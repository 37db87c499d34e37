import { readFileSync } from "node:fs";
import { readFile, truncate } from "node:fs/promises";
import type { Connection } from "../executor/connection.ts";
import { lastWords } from "./heard-login.ts";
import type { MasterFolder } from "./master-folder.ts";
import { endMaster, openMux } from "./mux-link.ts";

/** ssh writes a few lines for each command. */
const longestLogBytes = 1024 * 1024;
const checkLogEveryMs = 60_000;

/** The login of an `ssh` master, as a connection. The master ends with it. */
export async function programConnection(folder: MasterFolder): Promise<Connection> {
  const { stream, exec } = await openMux(folder.socket);
  let cut: string | undefined;
  let closing: Promise<void> | undefined;
  const listeners = new Set<(reason: string) => void>();
  const timer = setInterval(() => void shorten(folder.log), checkLogEveryMs);
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
  stream.prependListener("close", () => end(cut ?? whyEnded(folder.log)));
  return {
    stream,
    exec,
    get cut() {
      return cut;
    },
    onOver(listener) {
      if (cut === undefined) listeners.add(listener);
      else listener(cut);
      return () => void listeners.delete(listener);
    },
    close: () => (closing ??= close()),
  };
}

function whyEnded(log: string): string {
  const ended = "the ssh program ended";
  try {
    const words = lastWords(readFileSync(log, "utf8"));
    return words === "" ? ended : `${ended}: ${words}`;
  } catch {
    return ended;
  }
}

/** ssh appends to it: what is cut off leaves no gap. */
async function shorten(log: string): Promise<void> {
  const text = await readFile(log, "utf8").catch(() => "");
  if (text.length > longestLogBytes) await truncate(log).catch(() => {});
}

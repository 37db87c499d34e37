import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect } from "vitest";
import { compileCache, scriptedProgram } from "./process.ts";
import { scratchFolders } from "./scratch.ts";

export interface Terminal {
  readonly screen: () => string;
  readonly press: (key: string) => void;
  /** Makes the window narrower or wider, as a person would. */
  readonly resize: (columns: number) => void;
  /** Closes the window, as a person would. */
  readonly closeWindow: () => void;
  readonly shows: (sign: string) => Promise<void>;
  /** Resolves with the exit code, once the program has ended. */
  readonly ended: (withinMs?: number) => Promise<number>;
  /** Resolves with what was asked of the engine, once the program has ended. */
  readonly readCalls: () => Promise<string>;
}

/** Runs the program with a scripted training in a real terminal: tmux, on a server of the test's own. */
export function terminals() {
  const scratch = scratchFolders();
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });
  return (
    words: readonly string[],
    {
      columns = 80,
      rows = 50,
      env = {},
    }: { columns?: number; rows?: number; env?: Readonly<Record<string, string>> } = {},
  ): Terminal => {
    const folder = scratch();
    const session = `unitrain-${randomBytes(4).toString("hex")}`;
    const callsFile = join(folder, "asked");
    const tmux = (...words: string[]) =>
      execFileSync("tmux", ["-f", "/dev/null", ...words], {
        env: { PATH: process.env.PATH, TMUX_TMPDIR: folder, TERM: "xterm-256color", LC_ALL: "C.UTF-8" },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }).trimEnd();
    const variables = Object.entries({ STORY_ASKED: callsFile, ...compileCache, ...env }).flatMap(
      ([name, value]) => ["-e", `${name}=${value}`],
    );
    const size = ["-x", String(columns), "-y", String(rows)];
    // The pane stays when the program has ended, so that its last screen can be read. tmux itself loses exit codes now and then.
    const staying = ["start-server", ";", "set-option", "-gw", "remain-on-exit", "on", ";"];
    const exitCode = join(folder, "exit-code");
    const noting = [
      "sh",
      "-c",
      `trap : INT TERM; "$@"; echo $? > '${exitCode}.new'; mv '${exitCode}.new' '${exitCode}'`,
      "sh",
    ];
    tmux(
      ...staying,
      "new-session",
      "-d",
      "-s",
      session,
      ...size,
      ...variables,
      ...noting,
      ...scriptedProgram,
      ...words,
    );
    const closeWindow = () => {
      try {
        tmux("kill-session", "-t", `=${session}`);
      } catch {
        // It is closed already.
      }
    };
    open.push(closeWindow);
    const screen = () => tmux("capture-pane", "-p", "-t", `=${session}:`);
    return {
      screen,
      press: (key) => void tmux("send-keys", "-t", `=${session}:`, key),
      resize: (columns) =>
        void tmux("resize-window", "-t", `=${session}:`, "-x", String(columns), "-y", String(rows)),
      closeWindow,
      shows: (sign) => expect.poll(screen, { timeout: 20_000 }).toContain(sign),
      ended: async (withinMs = 20_000) => {
        await expect.poll(() => existsSync(exitCode), { timeout: withinMs, interval: 25 }).toBe(true);
        return Number(readFileSync(exitCode, "utf8"));
      },
      readCalls: async () => {
        await expect.poll(() => existsSync(callsFile), { timeout: 20_000 }).toBe(true);
        return readFileSync(callsFile, "utf8");
      },
    };
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A client in its own process. */
export interface Client {
  readonly process: ChildProcess;
  /** Its output so far. */
  readonly printed: () => string;
  /** Resolves once it has printed this. */
  readonly says: (text: string) => Promise<void>;
  /** Kills it with SIGKILL, and waits for its end. */
  readonly kill: () => Promise<void>;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** `program` is a URL: `new URL("./drive.ts", import.meta.url)`. */
export const startClient = (program: URL, ...words: string[]): Client =>
  startClientIn(process.env, program, ...words);

/** Starts a client in its own environment. */
export function startClientIn(env: NodeJS.ProcessEnv, program: URL, ...words: string[]): Client {
  const child = spawn(process.execPath, ["--conditions=@unitrain/source", fileURLToPath(program), ...words], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      printed += chunk;
      for (const poll of waiting) poll();
    });
  }
  const exit = once(child, "exit");
  return {
    process: child,
    printed: () => printed,
    says: (text) =>
      new Promise((resolve, reject) => {
        const poll = () => {
          if (!printed.includes(text)) return;
          waiting.delete(poll);
          resolve();
        };
        waiting.add(poll);
        void exit.then(() => reject(new Error(`it ended without saying "${text}":\n${printed}`)));
        poll();
      }),
    async kill() {
      child.kill("SIGKILL");
      await exit;
    },
    ended: exit.then(([code]) => code),
  };
}

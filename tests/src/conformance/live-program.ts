import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Emulator, startEmulator } from "@unitrain/cloud-emulator/canopywave";
import { quoteAll } from "@unitrain/transport-posix";
import type { TestContext } from "vitest";
import { fastClock } from "../cloud/fast-clock.ts";

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const times = 200;

/** A running `unitrain-conformance`. */
interface LiveProgram {
  readonly process: ChildProcess;
  readonly exitCode: Promise<number | null>;
  printed(): string;
}

/** An emulated account with the resources of colleagues, and the program, whose time is as fast as that of the cloud. */
export interface LiveAccount {
  readonly emulator: Emulator;
  /** Starts the program. `terminal` is what a person types there; without it there is no terminal. */
  start(words: readonly string[], terminal?: string): LiveProgram;
  /** The names of our resources; colleagues' are not among them. */
  listOurs(): readonly string[];
}

export async function createLiveAccount({ onTestFinished }: TestContext): Promise<LiveAccount> {
  const folder = await mkdtemp(join(tmpdir(), "ut-live-"));
  const since = Date.now();
  const emulator = await startEmulator({ folder: join(folder, "cloud"), clock: fastClock(since, times) });
  onTestFinished(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const env = { ...process.env, ...emulator.variables, UNITRAIN_FAST_TIME: `${since},${times}` };
  return {
    emulator,
    start(words, terminal) {
      const program = [
        ...[process.execPath, "--conditions=@unitrain/source", "--import", pathOf("fast-time.ts")],
        ...[pathOf("../../../packages/conformance/src/bin.ts"), ...words],
        ...["--provider", pathOf("../../../packages/provider-canopywave/src/index.ts")],
        ...["--export", "canopywave", "--options", JSON.stringify({ gpu: "H100" })],
      ];
      const [file = "", ...argv] =
        terminal === undefined ? program : ["script", "-qec", quoteAll(program), "/dev/null"];
      const child = spawn(file, argv, { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"] });
      let printed = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          printed += chunk;
        });
      }
      child.stdin.end(terminal);
      const exitCode = new Promise<number | null>((resolve) => child.once("close", resolve));
      return { process: child, exitCode, printed: () => printed };
    },
    listOurs: () =>
      [...emulator.instances(), ...emulator.addresses(), ...emulator.keys()]
        .filter(({ isForeign }) => !isForeign)
        .map((record) => ("name" in record ? record.name : record.id)),
  };
}

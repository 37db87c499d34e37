import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, startEmulator } from "@unitrain/cloud-emulator/canopywave";
import { openRuns, type RunSummary, systemPorts } from "@unitrain/core";
import type { TestContext } from "vitest";
import { type Client, startClient } from "../local/client.ts";
import { fastClock } from "./fast-clock.ts";

const drive = new URL("./drive.ts", import.meta.url);
export const threeEpochs = (seconds: number) =>
  `for n in 1 2 3; do echo "epoch $n"; echo $n >> "$output/epochs.txt"; printf 'whole end\\n' > "$output/best.model"; sleep ${seconds}; done`;

export interface CloudTestbed {
  readonly folder: string;
  readonly emulator: Emulator;
  client(word: string, script?: string, budget?: number): Client;
  /** Resolves once no process drives a run. */
  over(): Promise<RunSummary>;
  ours(): number;
}

/** An emulated cloud of real machines, and processes of one computer. Its clock can be faster than the real one. */
export async function createCloudTestbed({ onTestFinished }: TestContext, times = 1): Promise<CloudTestbed> {
  const folder = await mkdtemp(join(tmpdir(), "ut-cloud-"));
  const home = join(folder, "home");
  const since = Date.now();
  const clock = fastClock(since, times);
  const cloud = {
    folder: join(folder, "cloud"),
    machines: "real",
    others: "none",
    boot: bootIn(times),
  } as const;
  const emulator = await startEmulator(times === 1 ? cloud : { ...cloud, clock });
  Object.assign(process.env, emulator.variables);
  onTestFinished(async () => {
    await endGuardian(home);
    await emulator.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  const lastRun = async () => (await openRuns({ home }).runs())[0];
  return {
    folder,
    emulator,
    client: (word, script = "", budget = 1) =>
      startClient(drive, word, folder, emulator.url, String(since), String(times), script, String(budget)),
    async over() {
      // Nine minutes of a clock that is eight times as fast, plus the delays of a busy computer.
      for (let attempt = 0; attempt < 1_200; attempt += 1) {
        const run = await lastRun();
        if (run?.state === "over") return run;
        await sleep(100);
      }
      throw new Error(`it is not over: ${JSON.stringify(await lastRun())}\n${await guardianLog(home)}`);
    },
    ours: () =>
      emulator.instances().filter(({ status }) => status !== "DELETED").length +
      emulator.addresses().length +
      emulator.keys().length,
  };
}

/** Waits for a second of real time, whatever the clock. */
function bootIn(times: number) {
  const ms = 200 * times;
  return { buildMs: ms, activeToSshMs: ms, silentMs: ms, bootingUpMs: ms, terminateMs: ms };
}

export async function endGuardian(home: string): Promise<void> {
  const pid = await systemPorts.locks.holder(join(home, "guardian.lock")).catch(() => undefined);
  if (pid !== undefined && pid > 0) process.kill(pid, "SIGKILL");
}

export function guardianLog(home: string): Promise<string> {
  return readFile(join(home, "guardian.log"), "utf8").catch(() => "");
}

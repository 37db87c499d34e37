import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemPorts } from "../ports.ts";
import type { Plan } from "../spec/index.ts";
import { runFolder } from "../state/run-folder.ts";
import { follow } from "./follower.ts";

const lockModule = new URL("../state/lock.ts", import.meta.url).href;

test.skipIf(process.platform === "win32")(
  "a stop wakes a controller that was suspended, since it reads no request meanwhile",
  async () => {
    const home = await mkdtemp(join(tmpdir(), "unitrain-follower-"));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const folder = runFolder(home, "run");
    await mkdir(folder.path, { recursive: true });
    // Holds the lock as a controller does, and ends once it is asked to stop.
    const source = `
      const { existsSync } = await import("node:fs");
      const { systemLocks } = await import(${JSON.stringify(lockModule)});
      globalThis.lock = await systemLocks.take(${JSON.stringify(folder.lock)});
      console.log("held");
      setInterval(() => existsSync(${JSON.stringify(folder.stopRequest)}) && process.exit(), 20);`;
    const controller = spawn(
      process.execPath,
      ["--conditions=@unitrain/source", "--input-type=module", "-e", source],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    onTestFinished(() => void controller.kill("SIGKILL"));
    await once(controller.stdout, "data");
    const ended = once(controller, "exit");
    controller.kill("SIGSTOP");
    const plan = { runId: "run", name: "otter" } as Plan;
    await follow(plan, folder, systemPorts, home).stop();
    expect(await ended).toEqual([0, null]);
  },
);

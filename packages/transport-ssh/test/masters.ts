import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestServer } from "./test-server.ts";

/** Waits for an `ssh` master that is logged in to this server, or logging in. */
export async function findMaster({ keyFile }: TestServer) {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const text = execFileSync("ps", ["-A", "-o", "pid=", "-o", "args="], { encoding: "utf8" });
    for (const line of text.split("\n")) {
      const [, pid = "", config = "", socket = ""] = /^\s*(\d+) ssh .*-F (\S+) .*-S (\S+)/.exec(line) ?? [];
      if (pid !== "" && read(config).includes(keyFile)) return { pid: Number(pid), socket };
    }
    await sleep(50);
  }
  throw new Error("there is no ssh master");
}

/** Whether the master runs: neither a zombie, which a container may keep, nor another process with its id counts. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-o", "args=", "-p", `${pid}`], { encoding: "utf8" });
  return !stdout.startsWith("Z") && / ssh .*-S /.test(stdout);
}

/** Returns nothing for a missing file. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

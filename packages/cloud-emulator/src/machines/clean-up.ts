import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Kills machines of an emulator that was killed. Machines end with their emulator, so this is rarely needed. */
export function endOrphanedMachines(machinesFolder: string): void {
  if (!existsSync(machinesFolder)) return;
  for (const name of readdirSync(machinesFolder)) {
    const folder = path.join(machinesFolder, name);
    const pid = Number.parseInt(readOrEmpty(path.join(folder, "pid")), 10);
    // The process id may have been reused, so the command line is compared.
    if (pid > 1 && readOrEmpty(`/proc/${pid}/cmdline`).split("\0").includes(folder))
      process.kill(pid, "SIGKILL");
  }
}

/** Removes a machine's disk, whatever permissions its files have. */
export function removeDisk(folder: string): Promise<void> {
  const script = 'chmod -R u+rwx "$1" 2>/dev/null; rm -rf --one-file-system "$1"';
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", script, "sh", folder], { stdio: "ignore" });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${folder} could not be removed.`)),
    );
  });
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Locks a folder. Throws when another emulator uses it, because both would overwrite each other's state. */
export function lockFolder(folder: string): { release(): void } {
  const file = path.join(folder, "emulator.pid");
  const owner = readIfExists(file);
  if (owner !== undefined && owner === getProcessSignature(Number.parseInt(owner, 10))) {
    throw new Error(
      `The emulator with process id ${Number.parseInt(owner, 10)} uses ${folder}: end it, or name another folder.`,
    );
  }
  writeFileSync(file, getProcessSignature(process.pid) ?? "", { mode: 0o600 });
  return { release: () => rmSync(file, { force: true }) };
}

/** Returns a signature of a running process. It includes the start time (on Linux), because process ids are reused. */
function getProcessSignature(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  const stat = readIfExists(`/proc/${pid}/stat`);
  const started = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  return `${pid} ${started}`;
}

function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

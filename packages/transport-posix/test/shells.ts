import { spawnSync } from "node:child_process";

/** Login shells people have. A test that needs one which is not there fails, and says so. */
export const loginShells = ["sh", "dash", "bash", "fish", "tcsh"] as const;

export function mustBeInstalled(program: string): void {
  const found = spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
  if (!found)
    throw new Error(
      `This test needs ${program}: install it first (Debian, Ubuntu: apt-get install ${program}).`,
    );
}

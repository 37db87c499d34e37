import { spawnSync } from "node:child_process";

/** Common login shells. A test fails with a message when one of them is missing. */
export const loginShells = ["sh", "dash", "bash", "fish", "tcsh"] as const;

export function mustBeInstalled(program: string): void {
  const found = spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
  if (!found)
    throw new Error(
      `This test needs ${program}: install it first (Debian, Ubuntu: apt-get install ${program}).`,
    );
}

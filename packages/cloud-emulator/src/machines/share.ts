import { existsSync } from "node:fs";

/** A folder of this computer that is mounted in every machine. */
export interface Share {
  /** Path on this computer. */
  readonly from: string;
  /** Path on the machine. */
  readonly to: string;
  /** `read` (default): read-only. `write`: changes are visible on both sides. */
  readonly how: "read" | "write";
}

/** Throws when a shared folder does not exist, because a machine could not boot with it. */
export function checkShares(shares: readonly Share[]): void {
  for (const { from } of shares) {
    if (existsSync(from)) continue;
    throw new Error(
      `Cannot share ${from}: it does not exist. Create it, or leave it out of the option share.`,
    );
  }
}

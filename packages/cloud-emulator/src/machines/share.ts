import { existsSync } from "node:fs";

/** A folder of this computer that every machine sees. */
export interface Share {
  /** Here. */
  readonly from: string;
  /** There. */
  readonly to: string;
  /** `read` (default): it cannot be changed there. `write`: it is one and the same. */
  readonly how: "read" | "write";
}

/** A machine cannot boot with a folder that is not there: better told at the start than by an instance in ERROR. */
export function checkShares(shares: readonly Share[]): void {
  for (const { from } of shares) {
    if (existsSync(from)) continue;
    throw new Error(
      `Cannot share ${from}: it does not exist. Create it, or leave it out of the option share.`,
    );
  }
}

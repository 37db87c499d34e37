import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";

/** A key that `unitrain login` has kept. */
export interface Login {
  /** As it was named: `canopywave`. */
  readonly provider: string;
  /** The environment variable that the provider reads it from. */
  readonly variable: string;
  /** The key itself, where there is no keychain; else the keychain has it. */
  readonly key?: string;
}

export function getLoginFile(home: string): string {
  return join(home, "logins.json");
}

/** All that are kept. Throws `STATE_UNREADABLE` when that cannot be told. */
export async function readLogins(home: string): Promise<readonly Login[]> {
  const file = getLoginFile(home);
  try {
    const { logins } = JSON.parse(await readFile(file, "utf8")) as { readonly logins: readonly Login[] };
    if (
      logins.every(({ provider, variable }) => typeof provider === "string" && typeof variable === "string")
    )
      return logins;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
  }
  throw new UnitrainError(
    "STATE_UNREADABLE",
    `${file} cannot be read, so the keys that are kept are not known.`,
    {
      hint: "Remove it and log in again: unitrain login <provider>. Or set the key's variable in the environment.",
    },
  );
}

/** Replaces the file in one step; nobody else may read it. */
export async function writeLogins(home: string, logins: readonly Login[]): Promise<void> {
  const file = getLoginFile(home);
  const temporary = `${file}.${randomBytes(4).toString("hex")}.part`;
  try {
    await writeFile(temporary, `${JSON.stringify({ version: 1, logins }, null, 2)}\n`, {
      flag: "wx",
      mode: 0o600,
    });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new UnitrainError("LOCAL_DISK", `${file} cannot be written.`, {
      hint: "Free some disk space, fix its permissions, or set UNITRAIN_HOME to another folder.",
      cause,
    });
  }
}

import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";

/** A key that `unitrain login` stored. */
export interface Login {
  /** The name of the provider, such as `canopywave`. */
  readonly provider: string;
  /** The environment variable from which the provider reads the key. */
  readonly variable: string;
  /** The key itself. Undefined if it is in the keychain. */
  readonly key?: string;
}

export function getLoginFile(home: string): string {
  return join(home, "logins.json");
}

/** Reads the stored logins. Throws `STATE_UNREADABLE` if the file cannot be read. */
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
    `Cannot read the stored keys: ${file} is damaged or unreadable.`,
    {
      hint: "Remove the file and log in again: unitrain login <provider>. Or set the key's environment variable.",
    },
  );
}

/** Replaces the file atomically. Only the user can read it. */
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
    throw new UnitrainError("LOCAL_DISK", `Cannot write ${file}.`, {
      hint: "Free some disk space, fix its permissions, or set UNITRAIN_HOME to another folder.",
      cause,
    });
  }
}

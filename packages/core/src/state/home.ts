import { randomBytes } from "node:crypto";
import { join } from "node:path";
import envPaths from "env-paths";
import { UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "./bounded.ts";
import { checkHome } from "./check-home.ts";
import { writeHomeFormat } from "./home-format.ts";
import { makeFolders } from "./make-folders.ts";
import { readPlainFile } from "./read-plain-file.ts";
import { publishOnce } from "./write-file.ts";

/** Returns the absolute path of the state folder: `UNITRAIN_HOME`, else the folder of the operating system for application data. */
export function getDefaultHome(): string {
  return process.env.UNITRAIN_HOME || envPaths("unitrain", { suffix: "" }).data;
}

/**
 * Creates the state folder (mode 0700) and returns the id of this installation: 6 letters or digits that are part of the name of
 * every resource that this computer rents.
 */
export async function openHome(home: string): Promise<{ readonly installation: string }> {
  await checkHome(home);
  const file = join(home, "installation");
  try {
    await withinFileSystemTimeout(makeFolders(join(home, "runs"), 0o700));
    await writeHomeFormat(home);
    await publishOnce(
      file,
      `${randomBytes(8).readBigUInt64BE().toString(36).slice(0, 6).padStart(6, "0")}\n`,
    );
    const installation = (await readPlainFile(file)).trim();
    if (!/^[a-z0-9]{6}$/.test(installation)) {
      throw new UnitrainError("LEDGER_UNWRITABLE", `${file} does not hold an installation id.`, {
        hint: "Restore it, because the names of rented machines are derived from it. Remove it only if no run can cost money any more.",
        action: { type: "list-runs" },
      });
    }
    return { installation };
  } catch (error) {
    if (UnitrainError.isInstance(error)) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw new UnitrainError(
      "LEDGER_UNWRITABLE",
      `The state folder ${home} cannot be written${code ? ` (${code})` : ""}.`,
      {
        hint: "Free some disk space, fix its permissions, or set UNITRAIN_HOME to another folder.",
        cause: error,
      },
    );
  }
}

import { join } from "node:path";
import { withinFileSystemTimeout } from "./bounded.ts";
import { readPlainFile } from "./read-plain-file.ts";
import { createUnreadableError } from "./unreadable.ts";
import { publishOnce, replaceFile } from "./write-file.ts";

/** The format of the state folder. Increase it if an older version of unitrain could misread the folder. Ledgers have their own version. */
const homeFormat = 2;

/**
 * Writes the format of a new state folder, or upgrades the format of an older one, because a version of unitrain that knows only
 * the first format would not see the folders of leases. Runs in the first format are still read.
 */
export async function writeHomeFormat(home: string): Promise<void> {
  const file = fileIn(home);
  await publishOnce(file, `${homeFormat}\n`);
  const format = Number(await readPlainFile(file).catch(() => ""));
  if (Number.isSafeInteger(format) && format > 0 && format < homeFormat)
    await replaceFile(file, `${homeFormat}\n`);
}

/**
 * Refuses a state folder that a newer version of unitrain wrote. A missing or unreadable format is accepted, because each ledger is
 * checked on its own and resources that may still cost money must be found.
 *
 * @throws UnitrainError `STATE_UNREADABLE`
 */
export async function refuseNewerFormat(home: string): Promise<void> {
  const format = Number(await withinFileSystemTimeout(readFormat(fileIn(home))).catch(() => Number.NaN));
  if (!Number.isSafeInteger(format) || format <= homeFormat) return;
  throw createUnreadableError({
    kind: "newer",
    file: home,
    message: `A newer version of unitrain wrote it (format ${format}; this version knows up to ${homeFormat}).`,
  });
}

async function readFormat(file: string): Promise<string> {
  return readPlainFile(file);
}

function fileIn(home: string): string {
  return join(home, "format");
}

import { join } from "node:path";
import { withinFileSystemTimeout } from "./bounded.ts";
import { readPlainFile } from "./read-plain-file.ts";
import { createUnreadableError } from "./unreadable.ts";
import { publishOnce, replaceFile } from "./write-file.ts";

/** Raised when an older version of unitrain could misread the state folder as a whole. Ledgers have a version of their own. */
const homeFormat = 2;

/**
 * Writes the format of a new state folder, and raises that of an older one: from now on a lease has a folder of its own, which a
 * version of the first format would not see. What such a version wrote is still read.
 */
export async function writeHomeFormat(home: string): Promise<void> {
  const file = fileIn(home);
  await publishOnce(file, `${homeFormat}\n`);
  const format = Number(await readPlainFile(file).catch(() => ""));
  if (Number.isSafeInteger(format) && format > 0 && format < homeFormat)
    await replaceFile(file, `${homeFormat}\n`);
}

/**
 * Refuses a state folder that a newer version of unitrain wrote. A format that is missing or cannot be read refuses nothing:
 * each ledger is checked on its own, and what may still cost must be found.
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

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const schema = z.object({
  reason: z.string(),
  person: z.string().optional(),
});

/** Records that the machine of a lease is reached by the `ssh` program, for processes that connect later. */
export interface LoginNote {
  /** Why the program is needed. */
  readonly reason: string;
  /** What only a person can do at a login: `an answer at the terminal`. */
  readonly person?: string | undefined;
}

export async function readLoginNote(folder: string): Promise<LoginNote | undefined> {
  const text = await readFile(getNoteFile(folder), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // A broken note is written again at the next login.
    return undefined;
  }
}

export async function writeLoginNote(folder: string, loginNote: LoginNote): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${getNoteFile(folder)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(loginNote)}\n`, { mode: 0o600 });
  await rename(draft, getNoteFile(folder));
}

function getNoteFile(folder: string): string {
  return join(folder, "ssh_login.json");
}

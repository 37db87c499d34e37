import { appendFile, open, rename, stat } from "node:fs/promises";

/**
 * Ensures that a file can be read and appended to. A folder or an inaccessible file with its name is renamed to
 * `<name>.broken-<time>`, because a broken log or events file must not prevent the release of a machine.
 */
export async function ensureWritable(path: string): Promise<void> {
  try {
    await probe(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") throw error;
    await rename(path, `${path}.broken-${Date.now()}`).catch(() => {
      throw error;
    });
    await probe(path);
  }
}

async function probe(path: string): Promise<void> {
  const found = await stat(path).catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found !== undefined && !found.isFile())
    throw Object.assign(new Error(`${path} is not a file`), { code: "EISDIR" });
  await appendFile(path, "", { mode: 0o600 });
  await (await open(path, "r")).close();
}

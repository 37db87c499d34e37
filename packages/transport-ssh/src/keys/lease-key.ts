import { mkdir, open } from "node:fs/promises";
import { readPlainFile } from "../read-plain-file.ts";
import { generateKeyPair } from "./key-pair.ts";
import { getLeaseKeyFile } from "./lease-key-file.ts";

/** Creates the key of a lease, or returns the one that exists. The private key never leaves the lease's folder. */
export async function makeLeaseKey(folder: string): Promise<{ readonly publicKey: string }> {
  const file = getLeaseKeyFile(folder);
  const existing = await readPlainFile(`${file}.pub`).catch(() => undefined);
  if (existing !== undefined) return { publicKey: existing.trim() };
  const pair = generateKeyPair("unitrain");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await write(file, pair.private, 0o600);
  // Written last: when it exists, the private key is complete.
  await write(`${file}.pub`, `${pair.public}\n`, 0o644);
  return { publicKey: pair.public };
}

async function write(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, "w", mode);
  try {
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

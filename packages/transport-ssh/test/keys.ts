import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair } from "../src/keys/key-pair.ts";

/** Registers a step for the end of a test. */
export type OnEnd = (step: () => Promise<void>) => void;

/** Creates a key pair. Returns the private file; the public one is `.pub` beside it. */
export async function createKey(folder: string, name: string): Promise<string> {
  const pair = generateKeyPair(name);
  const file = join(folder, name);
  await writeFile(file, pair.private, { mode: 0o600 });
  await writeFile(`${file}.pub`, `${pair.public}\n`);
  return file;
}

export async function readPublicKey(keyFile: string): Promise<string> {
  return (await readFile(`${keyFile}.pub`, "utf8")).trim();
}

export function formatKnownHostsLine(port: number, publicKey: string): string {
  return `[127.0.0.1]:${port} ${publicKey.split(" ").slice(0, 2).join(" ")}\n`;
}

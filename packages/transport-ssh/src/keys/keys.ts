import { stat } from "node:fs/promises";
import { UnitrainError } from "@unitrain/core/spec";
import ssh2, { type ParsedKey } from "ssh2";
import { readPlainFile } from "../read-plain-file.ts";
import type { KeyFile, KeySources } from "./key-sources.ts";
import { isFidoKey, onlyForSsh } from "./only-for-ssh.ts";

/** Keys that can be offered, and what was found of the others. */
export interface Keys {
  readonly usable: readonly { readonly path: string; readonly key: ParsedKey }[];
  /** Public halves of all files: which of an agent's keys are meant. */
  readonly publicKeys: readonly Buffer[];
  /** Why a file that is there cannot be offered. */
  readonly leftOut: readonly string[];
  /** Ways in that `ssh` would try and we cannot: certificates, FIDO keys, Kerberos. */
  readonly onlyForSsh: readonly string[];
}

/** @throws UnitrainError `LOGIN_REFUSED` for a key that was named and is not there, or that others can read. */
export async function readKeys(sources: KeySources): Promise<Keys> {
  const { files } = sources;
  const usable: { path: string; key: ParsedKey }[] = [];
  const publicKeys: Buffer[] = [];
  const leftOut: string[] = [];
  for (const file of files) {
    const publicKey = await publicHalf(file.path);
    if (publicKey !== undefined) publicKeys.push(publicKey);
    if (await isFidoKey(file.path)) continue;
    const text = await privateHalf(file, publicKey !== undefined, leftOut);
    if (text === undefined) continue;
    const parsed = ssh2.utils.parseKey(text);
    if (parsed instanceof Error) {
      leftOut.push(
        /encrypted|passphrase/i.test(parsed.message)
          ? `${file.path} is protected by a passphrase (add it to your agent: ssh-add ${file.path})`
          : `${file.path} cannot be read as a private key (${parsed.message})`,
      );
      continue;
    }
    publicKeys.push(parsed.getPublicSSH());
    if (parsed.isPrivateKey()) usable.push({ path: file.path, key: parsed });
  }
  return { usable, publicKeys, leftOut, onlyForSsh: await onlyForSsh(sources) };
}

async function publicHalf(path: string): Promise<Buffer | undefined> {
  const text = await readPlainFile(`${path}.pub`).catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = ssh2.utils.parseKey(text);
  return parsed instanceof Error ? undefined : parsed.getPublicSSH();
}

async function privateHalf(
  { path, named }: KeyFile,
  isInAgent: boolean,
  leftOut: string[],
): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      const reason = `${path} can be read by others (mode ${(mode & 0o777).toString(8)})`;
      if (named) throw refused(`The private key ${reason}: it is not used.`, `chmod 600 ${path}`);
      leftOut.push(reason);
      return undefined;
    }
    return await readPlainFile(path);
  } catch (cause) {
    if (UnitrainError.isInstance(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT") leftOut.push(`${path} cannot be read (${message})`);
    // ssh passes over a file that its configuration names and that is not there.
    else if (named && !isInAgent) leftOut.push(`${path} is not there`);
    return undefined;
  }
}

function refused(message: string, hint: string): UnitrainError {
  return new UnitrainError("LOGIN_REFUSED", message, { hint });
}

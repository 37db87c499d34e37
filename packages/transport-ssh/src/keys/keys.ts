import { stat } from "node:fs/promises";
import { UnitrainError } from "@unitrain/core/spec";
import ssh2, { type ParsedKey } from "ssh2";
import { readPlainFile } from "../read-plain-file.ts";
import type { KeyFile, KeySources } from "./key-sources.ts";
import { isFidoKey, listSshOnlyMethods } from "./ssh-only-methods.ts";

/** Keys that can be offered, and why others cannot. */
export interface Keys {
  readonly usable: readonly { readonly path: string; readonly key: ParsedKey }[];
  /** Public keys of all files, to select keys of the agent. */
  readonly publicKeys: readonly Buffer[];
  /** Why files that exist cannot be offered. */
  readonly skipped: readonly string[];
  /** Login methods that only the `ssh` program supports: certificates, FIDO keys, Kerberos. */
  readonly sshOnlyMethods: readonly string[];
}

/**
 * Reads the keys of these sources.
 *
 * @throws UnitrainError `LOGIN_REFUSED` for a named key that others can read.
 */
export async function readKeys(sources: KeySources): Promise<Keys> {
  const { files } = sources;
  const usable: { path: string; key: ParsedKey }[] = [];
  const publicKeys: Buffer[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    const publicKey = await readPublicKey(file.path);
    if (publicKey !== undefined) publicKeys.push(publicKey);
    if (await isFidoKey(file.path)) continue;
    const text = await readPrivateKey(file, publicKey !== undefined, skipped);
    if (text === undefined) continue;
    const parsed = ssh2.utils.parseKey(text);
    if (parsed instanceof Error) {
      skipped.push(
        /encrypted|passphrase/i.test(parsed.message)
          ? `${file.path} is protected by a passphrase (add it to your agent: ssh-add ${file.path})`
          : `${file.path} cannot be read as a private key (${parsed.message})`,
      );
      continue;
    }
    publicKeys.push(parsed.getPublicSSH());
    if (parsed.isPrivateKey()) usable.push({ path: file.path, key: parsed });
  }
  return { usable, publicKeys, skipped, sshOnlyMethods: await listSshOnlyMethods(sources) };
}

async function readPublicKey(path: string): Promise<Buffer | undefined> {
  const text = await readPlainFile(`${path}.pub`).catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = ssh2.utils.parseKey(text);
  return parsed instanceof Error ? undefined : parsed.getPublicSSH();
}

async function readPrivateKey(
  { path, isNamed: isConfigured }: KeyFile,
  isInAgent: boolean,
  skipped: string[],
): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      const reason = `${path} can be read by others (mode ${(mode & 0o777).toString(8)})`;
      if (isConfigured)
        throw loginRefusedError(`Cannot use the private key: ${reason}.`, `Run \`chmod 600 ${path}\`.`);
      skipped.push(reason);
      return undefined;
    }
    return await readPlainFile(path);
  } catch (cause) {
    if (UnitrainError.isInstance(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT") skipped.push(`${path} cannot be read (${message})`);
    // ssh ignores a configured file that does not exist.
    else if (isConfigured && !isInAgent) skipped.push(`${path} does not exist`);
    return undefined;
  }
}

function loginRefusedError(message: string, hint: string): UnitrainError {
  return new UnitrainError("LOGIN_REFUSED", message, { hint });
}

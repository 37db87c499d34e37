import { createHmac } from "node:crypto";
import { readPlainFile } from "../read-plain-file.ts";
import { type HostKey, parseHostKey } from "./host-key.ts";

/** What known_hosts files say of one machine. */
export interface KnownHostKeys {
  readonly keys: readonly KnownKey[];
  /** Keys that are known under the machine's name without its port: one that is equal counts, another one says nothing. */
  readonly withoutPort: readonly KnownKey[];
  readonly revoked: readonly HostKey[];
  /** A line says that a certificate authority vouches for it. */
  readonly hasCertAuthority: boolean;
}

interface KnownKey extends HostKey {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Looks a machine up as ssh does: a key that is known without the port counts where none is known with it. */
export async function findMachineKeys(
  files: readonly string[],
  { name, nameWithoutPort }: { readonly name: string; readonly nameWithoutPort?: string | undefined },
): Promise<KnownHostKeys> {
  const knownKeys = await findKeys(files, name);
  if (knownKeys.keys.length > 0 || nameWithoutPort === undefined) return knownKeys;
  const { keys, revoked, hasCertAuthority } = await findKeys(files, nameWithoutPort);
  const withoutPort = keys.filter(({ blob }) => !revoked.some((key) => key.blob.equals(blob)));
  return { ...knownKeys, withoutPort, hasCertAuthority: knownKeys.hasCertAuthority || hasCertAuthority };
}

/** Looks a name up, as `[host]:port` or `host`; files that are not there know nobody. */
export async function findKeys(files: readonly string[], name: string): Promise<KnownHostKeys> {
  const keys: KnownKey[] = [];
  const revoked: HostKey[] = [];
  let hasCertAuthority = false;
  for (const file of files) {
    const text = await readPlainFile(file).catch(() => "");
    for (const [index, line] of text.split("\n").entries()) {
      const found = parseEntry(line);
      if (found === undefined || !matchesName(found.names, name)) continue;
      if (found.marker === "@cert-authority") hasCertAuthority = true;
      else if (found.marker === "@revoked") revoked.push(found.key);
      else keys.push({ ...found.key, file, line: index + 1 });
    }
  }
  return { keys, withoutPort: [], revoked, hasCertAuthority };
}

function parseEntry(line: string) {
  const words = line.trim().split(/\s+/);
  if (words[0] === "" || words[0]?.startsWith("#")) return undefined;
  const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
  const [names, type, base64] = words;
  const key = parseHostKey(`${type} ${base64}`);
  return names === undefined || key === undefined ? undefined : { marker, names, key };
}

function matchesName(names: string, name: string): boolean {
  if (names.startsWith("|")) return matchesHash(names, name);
  let found = false;
  for (const pattern of names.split(",")) {
    if (pattern.startsWith("!")) {
      if (toRegExp(pattern.slice(1)).test(name)) return false;
    } else if (toRegExp(pattern).test(name)) found = true;
  }
  return found;
}

/** `|1|salt|hash`: names that a thief of the file cannot read. */
function matchesHash(names: string, name: string): boolean {
  const [, version, salt = "", hash] = names.split("|");
  if (version !== "1") return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

function toRegExp(pattern: string): RegExp {
  const escaped = pattern.toLowerCase().replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

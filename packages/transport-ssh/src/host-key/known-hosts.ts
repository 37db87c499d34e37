import { createHmac } from "node:crypto";
import { readPlainFile } from "../read-plain-file.ts";
import { type HostKey, parseHostKey } from "./host-key.ts";

/** What known_hosts files say about one machine. */
export interface KnownHostKeys {
  readonly keys: readonly KnownKey[];
  /** Keys under the machine's name without its port: an equal key is trusted, and a different one is not evidence against it. */
  readonly withoutPort: readonly KnownKey[];
  readonly revoked: readonly HostKey[];
  /** A line says that a certificate authority vouches for the machine. */
  readonly hasCertAuthority: boolean;
}

interface KnownKey extends HostKey {
  readonly file: string;
  /** Number of the line, from 1. */
  readonly line: number;
}

/** Looks up a machine as ssh does: a key without the port counts where none is known with the port. */
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

/** Looks up a name, `[host]:port` or `host`. Missing files are ignored. */
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

/** Matches a hashed name, `|1|salt|hash`. */
function matchesHash(names: string, name: string): boolean {
  const [, version, salt = "", hash] = names.split("|");
  if (version !== "1") return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

function toRegExp(pattern: string): RegExp {
  const escaped = pattern.toLowerCase().replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

import { readFile, stat } from "node:fs/promises";
import type { KeySources } from "./key-sources.ts";

/** Names the ways in that `ssh` would try and ssh2 does not know. */
export async function onlyForSsh({
  files,
  certificates = [],
  kerberos,
}: KeySources): Promise<readonly string[]> {
  const beside = files.map(({ path }) => `${path}-cert.pub`);
  const found: string[] = [];
  for (const path of new Set([...certificates, ...beside]))
    if (await isFile(path)) found.push(`the certificate ${path}`);
  for (const { path } of files) if (await isFidoKey(path)) found.push(`the FIDO key ${path}`);
  if (kerberos === true) found.push("a Kerberos ticket (GSSAPIAuthentication)");
  return found;
}

/** A key that lies in a security key, which has to be touched. */
export async function isFidoKey(path: string): Promise<boolean> {
  return (await readFile(`${path}.pub`, "utf8").catch(() => "")).startsWith("sk-");
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

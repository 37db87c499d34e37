import { readFile, stat } from "node:fs/promises";
import type { KeySources } from "./key-sources.ts";

/** Lists the login methods that `ssh` would try and ssh2 does not support. */
export async function listSshOnlyMethods(sources: KeySources): Promise<readonly string[]> {
  const found = (await listCertificates(sources)).map((path) => `the certificate ${path}`);
  for (const { path } of sources.files) if (await isFidoKey(path)) found.push(`the FIDO key ${path}`);
  if (sources.usesKerberos === true) found.push("a Kerberos ticket (GSSAPIAuthentication)");
  return found;
}

/** Lists the existing certificates: those that are configured, and those beside the keys, where ssh looks for them. */
export async function listCertificates({ files, certificates = [] }: KeySources): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of new Set([...certificates, ...files.map(({ path }) => `${path}-cert.pub`)]))
    if (await isFile(path)) found.push(path);
  return found;
}

/** Whether the key is in a hardware security key, which has to be touched. */
export async function isFidoKey(path: string): Promise<boolean> {
  return (await readFile(`${path}.pub`, "utf8").catch(() => "")).startsWith("sk-");
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { findKeys } from "../host-key/known-hosts.ts";
import type { Hop, Target } from "../target/target.ts";
import type { LoginReport } from "./login-report.ts";

/** Returns the target with only the pinned key or the key from the provider as known host keys, where there is one. */
export async function applyPins(target: Target): Promise<Target> {
  const jumps = await Promise.all(target.jumps.map(applyPin));
  return { ...target, ...(await applyPin(target)), jumps };
}

async function applyPin<T extends Hop>(hop: T): Promise<T> {
  const { pinFile, name, providerKey } = hop.trust;
  let pinned = await findKeys([pinFile], name);
  if (pinned.keys.length === 0 && providerKey !== undefined) {
    await pin(hop, "", providerKey);
    pinned = await findKeys([pinFile], name);
  }
  const isPinned = pinned.keys.length > 0 || pinned.hasCertAuthority;
  return isPinned ? { ...hop, trust: { ...hop.trust, knownHostsFiles: [] } } : hop;
}

/** Pins, for the rest of the lease, the known_hosts line by which `ssh` trusted each host. Returns whether that of the target is new. */
export async function pinProgramKeys(target: Target, reports: readonly LoginReport[]): Promise<boolean> {
  let isNew = false;
  for (const [index, hop] of [...target.jumps, target].entries()) {
    const { trustedAt: foundAt } = reports[index] ?? {};
    if (foundAt === undefined || foundAt.file === hop.trust.pinFile) continue;
    const lines = (await readFile(foundAt.file, "utf8").catch(() => "")).split("\n");
    const words = (lines[foundAt.line - 1] ?? "").trim().split(/\s+/);
    const marker = words[0]?.startsWith("@") ? `${words.shift()} ` : "";
    const [, type, base64] = words;
    if (base64 === undefined) continue;
    await pin(hop, marker, `${type} ${base64}`);
    isNew ||= hop === target;
  }
  return isNew;
}

async function pin({ trust }: Hop, marker: string, key: string): Promise<void> {
  await mkdir(dirname(trust.pinFile), { recursive: true, mode: 0o700 });
  await appendFile(trust.pinFile, `${marker}${trust.name} ${key}\n`, { mode: 0o600 });
}

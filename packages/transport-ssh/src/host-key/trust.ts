import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { readPlainFile } from "../read-plain-file.ts";
import { pasteable } from "../target/by-hand.ts";
import { fingerprint, type HostKey, kindOf, parseHostKey } from "./host-key.ts";
import { howToTrust } from "./how-to-trust.ts";
import { findKeys, findMachineKeys, type KnownHostKeys } from "./known-hosts.ts";
import type { TrustRule } from "./trust-rule.ts";

/** What is known before the server has shown its key. */
export interface Trust {
  /** Types of keys that are known, the server is asked for those first. */
  readonly types: readonly string[];
  /** Why this key must not be trusted; undefined when it may. */
  refuse(key: HostKey): UnitrainError | undefined;
  /** Keeps the key for this lease; whether it is the first one. */
  pin(key: HostKey): Promise<boolean>;
}

/** A key that was pinned and cannot be read is not a key that never was: the next one must not be trusted for it. */
async function refuseUnreadable(pinFile: string): Promise<void> {
  await readPlainFile(pinFile).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return;
    throw new UnitrainError(
      "HOST_KEY_UNKNOWN",
      `The host key that this run knows cannot be read: ${cause.message}.`,
      {
        hint: `Fix the permissions of ${pinFile}.`,
      },
    );
  });
}

export async function trustOf(rule: TrustRule, shownAs: string): Promise<Trust> {
  await refuseUnreadable(rule.pinFile);
  const pinned = await findKeys([rule.pinFile], rule.name);
  const knownKeys = pinned.keys.length > 0 ? pinned : await knownBy(rule);
  return {
    types: [...knownKeys.keys, ...knownKeys.withoutPort].map(({ type }) => type),
    refuse: (key) => refuse(key, knownKeys, rule, shownAs),
    async pin(key) {
      if (pinned.keys.length > 0) return false;
      await mkdir(dirname(rule.pinFile), { recursive: true, mode: 0o700 });
      await appendFile(rule.pinFile, `${rule.name} ${key.type} ${key.blob.toString("base64")}\n`, {
        mode: 0o600,
      });
      return true;
    },
  };
}

async function knownBy(rule: TrustRule): Promise<KnownHostKeys> {
  const { providerKey: leaseKey } = rule;
  if (leaseKey === undefined) return findMachineKeys(rule.knownHostsFiles, rule);
  const key = parseHostKey(leaseKey);
  if (key === undefined) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `${JSON.stringify(leaseKey)} is not a host key in OpenSSH form.`,
      {
        hint: "It looks like: ssh-ed25519 AAAAC3Nz…",
      },
    );
  }
  return {
    keys: [{ ...key, file: "the key that was given", line: 1 }],
    withoutPort: [],
    revoked: [],
    byAuthority: false,
  };
}

function refuse(
  key: HostKey,
  knownKeys: KnownHostKeys,
  rule: TrustRule,
  shownAs: string,
): UnitrainError | undefined {
  const offeredKey = `${kindOf(key)} key ${fingerprint(key)}`;
  if (knownKeys.revoked.some(({ blob }) => blob.equals(key.blob))) {
    return new UnitrainError(
      "HOST_KEY_CHANGED",
      `${shownAs} has the ${offeredKey}, which is marked as revoked.`,
      {
        hint: "Do not connect: whoever holds this key may be somebody else. Ask who runs the machine.",
      },
    );
  }
  if ([...knownKeys.keys, ...knownKeys.withoutPort].some(({ blob }) => blob.equals(key.blob)))
    return undefined;
  const [first] = knownKeys.keys;
  if (first === undefined) return rule.firstUse ? undefined : unknownHostKey(key, knownKeys, rule, shownAs);
  const offeredInstead = knownKeys.keys.find(({ type }) => type === key.type) ?? first;
  const isTheirs = rule.knownHostsFiles.includes(offeredInstead.file);
  const remove = isTheirs
    ? `remove the old key with: ${["ssh-keygen", "-R", rule.name, "-f", offeredInstead.file].map(pasteable).join(" ")}. ${howToTrust(key, knownKeys, rule)}`
    : "start again.";
  return new UnitrainError(
    "HOST_KEY_CHANGED",
    `${shownAs} answered with the ${offeredKey}; known is the ${kindOf(offeredInstead)} key ${fingerprint(offeredInstead)} (${offeredInstead.file}, line ${offeredInstead.line}). Nothing was sent to it.`,
    {
      hint: `Somebody may be in between, or the machine was installed anew. When you know that it was, ${remove}`,
    },
  );
}

function unknownHostKey(
  key: HostKey,
  knownKeys: KnownHostKeys,
  rule: TrustRule,
  shownAs: string,
): UnitrainError {
  return new UnitrainError(
    "HOST_KEY_UNKNOWN",
    `${shownAs} answered with the ${kindOf(key)} key ${fingerprint(key)}, and no key of ${rule.name} is known. Nothing was sent to it.`,
    { hint: howToTrust(key, knownKeys, rule) },
  );
}

import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { readPlainFile } from "../read-plain-file.ts";
import { quoteForPaste } from "../target/ssh-command.ts";
import { computeFingerprint, formatKeyType, type HostKey, parseHostKey } from "./host-key.ts";
import { explainHowToTrust } from "./how-to-trust.ts";
import { findKeys, findMachineKeys, type KnownHostKeys } from "./known-hosts.ts";
import type { TrustRule } from "./trust-rule.ts";

/** The known host keys of a machine, loaded before the server sends its key. */
export interface Trust {
  /** Types of the known keys, which the server is asked for first. */
  readonly types: readonly string[];
  /** Returns why this key must not be trusted; undefined when it is trusted. */
  check(key: HostKey): UnitrainError | undefined;
  /** Pins the key for this lease. Returns whether it is the first key of the lease. */
  pin(key: HostKey): Promise<boolean>;
}

/** Throws when the pinned key cannot be read: another key must not be trusted in its place. */
async function refuseUnreadable(pinFile: string): Promise<void> {
  await readPlainFile(pinFile).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return;
    throw new UnitrainError(
      "HOST_KEY_UNKNOWN",
      `Cannot read the pinned host key of this run: ${cause.message}.`,
      {
        hint: `Fix the permissions of ${pinFile}.`,
      },
    );
  });
}

export async function loadTrust(rule: TrustRule, displayName: string): Promise<Trust> {
  await refuseUnreadable(rule.pinFile);
  const pinned = await findKeys([rule.pinFile], rule.name);
  const knownKeys = pinned.keys.length > 0 ? pinned : await findKnownKeys(rule);
  return {
    types: [...knownKeys.keys, ...knownKeys.withoutPort].map(({ type }) => type),
    check: (key) => checkHostKey(key, knownKeys, rule, displayName),
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

async function findKnownKeys(rule: TrustRule): Promise<KnownHostKeys> {
  const { providerKey } = rule;
  if (providerKey === undefined) return findMachineKeys(rule.knownHostsFiles, rule);
  const key = parseHostKey(providerKey);
  if (key === undefined) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `Invalid host key: ${JSON.stringify(providerKey)} is not in OpenSSH format.`,
      {
        hint: "Use a key that looks like: ssh-ed25519 AAAAC3Nz…",
      },
    );
  }
  return {
    keys: [{ ...key, file: "the key from the provider", line: 1 }],
    withoutPort: [],
    revoked: [],
    hasCertAuthority: false,
  };
}

function checkHostKey(
  key: HostKey,
  knownKeys: KnownHostKeys,
  rule: TrustRule,
  displayName: string,
): UnitrainError | undefined {
  const offeredKey = `${formatKeyType(key)} key ${computeFingerprint(key)}`;
  if (knownKeys.revoked.some(({ blob }) => blob.equals(key.blob))) {
    return new UnitrainError(
      "HOST_KEY_CHANGED",
      `${displayName} has the ${offeredKey}, which is marked as revoked.`,
      {
        hint: "Do not connect: somebody else may have this key. Ask whoever runs the machine.",
      },
    );
  }
  if ([...knownKeys.keys, ...knownKeys.withoutPort].some(({ blob }) => blob.equals(key.blob)))
    return undefined;
  const [first] = knownKeys.keys;
  if (first === undefined)
    return rule.isTrustedOnFirstUse ? undefined : unknownHostKeyError(key, knownKeys, rule, displayName);
  const knownKey = knownKeys.keys.find(({ type }) => type === key.type) ?? first;
  const isUserFile = rule.knownHostsFiles.includes(knownKey.file);
  const remove = isUserFile
    ? `remove the old key with: ${["ssh-keygen", "-R", rule.name, "-f", knownKey.file].map(quoteForPaste).join(" ")}. ${explainHowToTrust(key, knownKeys, rule)}`
    : "start again.";
  return new UnitrainError(
    "HOST_KEY_CHANGED",
    `${displayName} answered with the ${offeredKey}; the known key is the ${formatKeyType(knownKey)} key ${computeFingerprint(knownKey)} (${knownKey.file}, line ${knownKey.line}). Nothing was sent to it.`,
    {
      hint: `Somebody may intercept the connection, or the machine was reinstalled. If you know that it was reinstalled, ${remove}`,
    },
  );
}

function unknownHostKeyError(
  key: HostKey,
  knownKeys: KnownHostKeys,
  rule: TrustRule,
  displayName: string,
): UnitrainError {
  return new UnitrainError(
    "HOST_KEY_UNKNOWN",
    `${displayName} answered with the ${formatKeyType(key)} key ${computeFingerprint(key)}, and no host key of ${rule.name} is known. Nothing was sent to it.`,
    { hint: explainHowToTrust(key, knownKeys, rule) },
  );
}

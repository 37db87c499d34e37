import { createHash } from "node:crypto";

/** A host key as in a known_hosts file. */
export interface HostKey {
  /** `ssh-ed25519`. */
  readonly type: string;
  /** The bytes in the format of the SSH protocol. */
  readonly blob: Buffer;
}

/** Decodes a key of the SSH protocol, which begins with its type. */
export function decodeHostKey(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return { type: blob.toString("latin1", 4, 4 + length), blob };
}

/** Parses `ssh-ed25519 AAAA… comment`; undefined for anything else. */
export function parseHostKey(text: string): HostKey | undefined {
  const [type, base64] = text.trim().split(/\s+/);
  if (type === undefined || base64 === undefined) return undefined;
  const key = decodeHostKey(Buffer.from(base64, "base64"));
  return key.type === type ? key : undefined;
}

/** Computes the fingerprint `SHA256:…`, as ssh and ssh-keygen show it. */
export function computeFingerprint({ blob }: HostKey): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** Formats the type of a key for people: `ED25519`. */
export function formatKeyType({ type }: HostKey): string {
  return type.replace(/^ssh-|^ecdsa-sha2-/, "").toUpperCase();
}

/** Formats the name of a machine in known_hosts files. */
export function formatKnownHostsName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

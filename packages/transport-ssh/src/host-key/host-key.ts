import { createHash } from "node:crypto";

/** A host key as known_hosts writes it. */
export interface HostKey {
  /** `ssh-ed25519`. */
  readonly type: string;
  /** As on the wire. */
  readonly blob: Buffer;
}

/** Reads the type that a key on the wire begins with. */
export function decodeHostKey(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return { type: blob.toString("latin1", 4, 4 + length), blob };
}

/** `ssh-ed25519 AAAA… comment`; undefined when it is none. */
export function parseHostKey(text: string): HostKey | undefined {
  const [type, base64] = text.trim().split(/\s+/);
  if (type === undefined || base64 === undefined) return undefined;
  const key = decodeHostKey(Buffer.from(base64, "base64"));
  return key.type === type ? key : undefined;
}

/** `SHA256:…`, as ssh and ssh-keygen show it. */
export function computeFingerprint({ blob }: HostKey): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** `ED25519`, as people say it. */
export function formatKeyType({ type }: HostKey): string {
  return type.replace(/^ssh-|^ecdsa-sha2-/, "").toUpperCase();
}

/** The name under which known_hosts knows a machine. */
export function formatKnownHostsName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

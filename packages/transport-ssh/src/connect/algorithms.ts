import { createRequire } from "node:module";
import type { Algorithms } from "ssh2";

/** The native module of ssh2, which is built where there is a compiler. */
const nativeModule = "ssh2/lib/protocol/crypto/build/Release/sshcrypto.node";

/** Node implements GCM and CTR. The native ChaCha20 of ssh2 breaks on newer versions of Node; its JavaScript version works. */
const ciphers = [
  "aes128-gcm@openssh.com",
  "aes256-gcm@openssh.com",
  "aes128-ctr",
  "aes192-ctr",
  "aes256-ctr",
] as const;

const hostKeys = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const;

/** Returns the algorithms to offer to a server. Known types of host keys come first, so that it sends a key that can be compared. */
export function chooseAlgorithms(knownTypes: readonly string[]): Algorithms {
  const isKnownType = (name: string) => knownTypes.includes(name.startsWith("rsa-") ? "ssh-rsa" : name);
  return {
    cipher: isChaChaReliable() ? [...ciphers, "chacha20-poly1305@openssh.com"] : [...ciphers],
    serverHostKey: hostKeys.toSorted((a, b) => Number(isKnownType(b)) - Number(isKnownType(a))),
  };
}

function isChaChaReliable(): boolean {
  try {
    createRequire(import.meta.url).resolve(nativeModule);
    return false;
  } catch {
    return true;
  }
}

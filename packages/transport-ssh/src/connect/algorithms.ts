import { createRequire } from "node:module";
import type { Algorithms } from "ssh2";

/** ssh2 has a part in C++ that is built where a compiler is found. */
const nativeModule = "ssh2/lib/protocol/crypto/build/Release/sshcrypto.node";

/** GCM and CTR are node's own. The native ChaCha20 breaks on newer versions of node; ssh2's other one, in JavaScript, is sound. */
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

/** What is offered to a server. Host keys of the types that are known come first, so that it shows one that can be compared. */
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

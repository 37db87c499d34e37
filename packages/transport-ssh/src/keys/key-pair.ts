import ssh2 from "ssh2";

type Generate = (type: "ed25519", options: { comment: string }) => { private: string; public: string };

const maxAttempts = 20;

/**
 * A new ed25519 key pair that can be read again. One in 256 that ssh2 makes cannot: a public key that begins with a zero byte
 * loses it, and a machine that was rented for such a key would let nobody in. https://github.com/mscdex/ssh2/issues/1513
 */
export function generateKeyPair(comment: string, generate: Generate = ssh2.utils.generateKeyPairSync) {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const pair = generate("ed25519", { comment });
    if (isReadable(pair.public) && isReadable(pair.private)) return pair;
  }
  throw new Error(`none of ${maxAttempts} ed25519 keys that were made can be read again`);
}

function isReadable(key: string): boolean {
  return !(ssh2.utils.parseKey(key) instanceof Error);
}

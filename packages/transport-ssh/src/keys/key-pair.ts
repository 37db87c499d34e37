import ssh2 from "ssh2";

type Generate = (type: "ed25519", options: { comment: string }) => { private: string; public: string };

const maxAttempts = 20;

/**
 * Generates an ed25519 key pair that can be parsed again. One in 256 key pairs of ssh2 cannot, because it drops a leading zero byte of
 * the public key; nobody could log in to a machine rented with such a key. https://github.com/mscdex/ssh2/issues/1513
 */
export function generateKeyPair(comment: string, generate: Generate = ssh2.utils.generateKeyPairSync) {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const pair = generate("ed25519", { comment });
    if (isReadable(pair.public) && isReadable(pair.private)) return pair;
  }
  throw new Error(`none of ${maxAttempts} generated ed25519 keys can be parsed again`);
}

function isReadable(key: string): boolean {
  return !(ssh2.utils.parseKey(key) instanceof Error);
}

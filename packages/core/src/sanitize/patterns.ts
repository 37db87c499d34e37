/** Replaces a secret. No pattern matches it, so that masking a text twice has the same result as masking it once. */
export const mask = "[redacted]";

/** A form of secret that is masked even if nobody registered it. */
export interface SecretPattern {
  readonly name: string;
  /** Global. Group 1 is kept, so that a reader sees which setting it was; the rest is masked. No nested repetition, so time is linear. */
  readonly expression: RegExp;
}

/** The patterns that apply to every text. Adapters declare patterns of their own keys as `secretPatterns`. */
export const secretPatterns: readonly SecretPattern[] = [
  // `Authorization: Basic dXNlcjpwYXNz`, also in JSON or a Python dict; up to the end of the value.
  {
    name: "authorization header",
    expression:
      /(\bauthorization\\?["']?\s{0,8}[:=]\s{0,8}\\?["']?)(?!\[redacted\])[^\s"'\\,;}][^\r\n"'\\,;}]{0,4095}/gi,
  },
  { name: "bearer token", expression: /(\bbearer\s{1,8})(?!\[redacted\])[A-Za-z0-9._~+/=-]{6,4096}/gi },
  // `password=…`, `"password": "…"`, `--password …`, `DB_PASSWORD: …`, but not the word alone.
  {
    name: "password",
    expression:
      /((?:password|passwd|passphrase)\\?["']?\s{0,8}[:=]\s{0,8}\\?["']?|--password[ =])(?!\[redacted\])[^\s"'\\,;&]{1,1024}/gi,
  },
  // `https://user:token@host/…`, and a token without a user: `git+https://ghp_…@github.com/…`. `ssh://user@host` contains no secret.
  {
    name: "URL with a password",
    expression: /(:\/\/[^\s/@:"'<>]{0,256}:)(?!\[redacted\])[^\s/@"'<>]{1,1024}(?=@)/g,
  },
  { name: "URL with a token", expression: /(\bhttps?:\/\/)(?!\[redacted\])[^\s/@:"'<>]{8,1024}(?=@)/gi },
];

/** What stands where a secret was. Not itself a pattern, so that masking twice is masking once. */
export const mask = "[redacted]";

/** How much of a match stays: what tells a reader which setting it was. */
export interface SecretPattern {
  readonly name: string;
  /** Global. Group 1 stays, the rest is masked. Each has no nested repetition: time grows with the text only. */
  readonly expression: RegExp;
}

/** What looks like a secret wherever it comes from, though nobody registered it. Adapters declare what their own keys look like. */
export const secretPatterns: readonly SecretPattern[] = [
  // `Authorization: Basic dXNlcjpwYXNz`, also as JSON or a Python dict; to the end of the value.
  {
    name: "authorization header",
    expression:
      /(\bauthorization\\?["']?\s{0,8}[:=]\s{0,8}\\?["']?)(?!\[redacted\])[^\s"'\\,;}][^\r\n"'\\,;}]{0,4095}/gi,
  },
  { name: "bearer token", expression: /(\bbearer\s{1,8})(?!\[redacted\])[A-Za-z0-9._~+/=-]{6,4096}/gi },
  // `password=…`, `"password": "…"`, `--password …`, `DB_PASSWORD: …`; a bare mention of the word is left alone.
  {
    name: "password",
    expression:
      /((?:password|passwd|passphrase)\\?["']?\s{0,8}[:=]\s{0,8}\\?["']?|--password[ =])(?!\[redacted\])[^\s"'\\,;&]{1,1024}/gi,
  },
  // `https://user:token@host/…`, and a token alone in front of a host: `git+https://ghp_…@github.com/…`. `ssh://user@host` holds no secret.
  {
    name: "URL with a password",
    expression: /(:\/\/[^\s/@:"'<>]{0,256}:)(?!\[redacted\])[^\s/@"'<>]{1,1024}(?=@)/g,
  },
  { name: "URL with a token", expression: /(\bhttps?:\/\/)(?!\[redacted\])[^\s/@:"'<>]{8,1024}(?=@)/gi },
];

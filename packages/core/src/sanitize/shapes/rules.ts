import { maskCommands } from "./commands.ts";
import {
  type HasEvidence,
  hasKey,
  hasPair,
  hasPassword,
  hasSignature,
  hasToken,
  hasUserInfo,
} from "./evidence.ts";
import { maskHeaders } from "./headers.ts";
import { maskKeys } from "./keys.ts";
import { maskPasswords } from "./passwords.ts";
import { maskPrivateKeys } from "./private-keys.ts";
import { maskProse } from "./prose.ts";
import type { Rule } from "./spans.ts";
import { maskSignatures, maskTokens, tokenShapes } from "./tokens.ts";
import { maskUrls } from "./urls.ts";

/** Each rule with its trigger words in lower case. A rule finds nothing in a line that contains none of them, with `evidence` after it. */
export const rules: readonly {
  readonly rule: Rule;
  readonly words: readonly string[];
  readonly evidence?: HasEvidence;
}[] = [
  { rule: maskPrivateKeys, words: ["private key", "private%20key", "private+key", "putty-user-key-file"] },
  { rule: maskTokens, words: tokenShapes.flatMap(({ begins }) => begins), evidence: hasToken },
  { rule: maskUrls, words: ["://", ":\\/\\/", ":\\\\/\\\\/", "%3a%2f%2f"], evidence: hasUserInfo },
  { rule: maskHeaders, words: ["authorization", "bearer", "cookie"] },
  {
    rule: maskPasswords,
    words: ["pass", "pwd", "pw=", "pw:", 'pw"', "pw'", "pw ", "kennwort", "contrase", "passe:", "passe :"],
    evidence: hasPassword,
  },
  {
    rule: maskProse,
    words: ["login", "log in", "credential", "creds", "-u ", "user/", "user:", "username/", "username:"],
    evidence: hasPair,
  },
  {
    rule: maskKeys,
    words: [
      ...["key", "token", "secret", "credential", "credentials", "auth"],
      ...["sig", "signature", "code", "webhook", "session", "sid"],
    ],
    evidence: hasKey,
  },
  {
    rule: maskSignatures,
    evidence: hasSignature,
    words: ["sig=", "signature=", "x-amz-", "x-goog-", "code=", "auth=", "jwt=", "hmac=", "hash="],
  },
  {
    rule: maskCommands,
    words: [
      "sshpass",
      " login",
      "curl",
      "--auth",
      "--user",
      "mysql",
      "mariadb",
      "redis-cli",
      "pass:",
      "chpasswd",
      "sudo -s",
      "convertto-securestring",
      "send ",
      "--credentials",
      ...[
        "mongo",
        "twine",
        "7z ",
        "7za ",
        "7zz ",
        "zip ",
        "rar ",
        "ssh-keygen",
        "htpasswd",
        "net use",
        "smbclient",
        "rpcclient",
      ],
      ...[
        "mount.cifs",
        "ldap",
        "rootpw",
        "http -",
        "https -",
        ":thin:",
        "login(",
        "auth=(",
        "auth = (",
        "basicauth(",
        "digestauth(",
        "identified",
        "set password",
        "requirepass",
        "masterauth",
        "usermod",
        "useradd",
        "mkpasswd",
        "lftp",
        "freerdp",
        "mstsc",
        "| passwd",
        "|passwd",
      ],
    ],
  },
  { rule: maskSignatures, words: ["roboflow.com/", "ultralytics.com/", '"kty"'] },
];

/** The bits of the rules whose secrets may be in the next lines. */
export const privateKeyBit = 1;
export const passwordBit = 1 << rules.findIndex(({ rule }) => rule === maskPasswords);

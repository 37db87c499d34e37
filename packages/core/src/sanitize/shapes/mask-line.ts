import { gramBytes, hashGram } from "../grams.ts";
import { beginsEscape, type EscapeState, nextEscapeState } from "../known/squeeze.ts";
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
import { maskSpans, type Rule, type Span } from "./spans.ts";
import { maskSignatures, maskTokens, tokenShapes } from "./tokens.ts";
import { createTriggers, foldCase, type Triggers } from "./triggers.ts";
import { maskUrls } from "./urls.ts";

/** Each rule with its trigger words in lower case. A rule finds nothing in a line that contains none of them, with `evidence` after it. */
const rules: readonly {
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
    words: ["pass", "pwd", "pw=", "pw:", 'pw"', "pw'", "pw ", "kennwort", "contrase"],
    evidence: hasPassword,
  },
  {
    rule: maskProse,
    words: ["login", "log in", "credentials", "creds", "user/", "user:", "username/", "username:"],
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
      ...["mount.cifs", "ldap", "rootpw", "http -", "https -", ":thin:", "login("],
    ],
  },
  { rule: maskSignatures, words: ["roboflow.com/", "ultralytics.com/"] },
];

let triggers: Triggers | undefined;

/** Returns the trigger words of all rules, with one bit for each rule. The table is created on first use. */
export function getTriggers(): Triggers {
  triggers ??= createTriggers(new Map(rules.map(({ words }, index) => [1 << index, words])));
  return triggers;
}

/**
 * Returns the index of the last byte of the first trigger word from `from` on that may belong to a secret, or -1 if there is none.
 * `limit` must be the end of a line.
 */
export function findEvidence(bytes: Uint8Array, from: number, limit: number): number {
  const { table, firstHit, hits, grams } = getTriggers();
  const last = limit - gramBytes;
  let at = from;
  let gram = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0) | foldedGram;
  while (at <= last) {
    gram = ((gram << 8) | (bytes[at + 2] ?? 0) | foldCase) & 0xffffff;
    if (grams[hashGram(gram)] === 0) {
      at += 1;
      continue;
    }
    // A word may begin here. The automaton reads on until none does anymore.
    let state = 0;
    do {
      state = table[(state << 8) | (bytes[at] ?? 0)] ?? 0;
      at += 1;
      if (state >= firstHit && selectPossible(hits[state] ?? 0, bytes, at, limit) !== 0) return at - 1;
    } while (state !== 0 && at < limit);
    gram = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0) | foldedGram;
  }
  return -1;
}

/** Returns the bits of the rules whose trigger words end between `from` and `to` and may belong to a secret. */
export function readTriggers(bytes: Uint8Array, from: number, to: number, limit: number): number {
  const { table, firstHit, hits } = getTriggers();
  let state = 0;
  let found = 0;
  for (let at = from; at < to; at += 1) {
    state = table[(state << 8) | (bytes[at] ?? 0)] ?? 0;
    if (state >= firstHit) found |= selectPossible((hits[state] ?? 0) & ~found, bytes, at + 1, limit);
  }
  return found;
}

function selectPossible(bits: number, bytes: Uint8Array, wordEnd: number, limit: number): number {
  let possible = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    if (rules[31 - Math.clz32(bit)]?.evidence?.(bytes, wordEnd, limit) !== false) possible |= bit;
  }
  return possible;
}

const foldedGram = (foldCase << 8) | foldCase;

/** The bits of the rules whose secrets may be in the next lines. */
export const privateKeyBit = 1;
export const passwordBit = 1 << rules.findIndex(({ rule }) => rule === maskPasswords);

/**
 * Masks what looks like a secret in a line, and returns the line without its first `contextLength` characters. `found` has the
 * bits of the rules whose trigger words the line contains. It takes time linear in the length.
 */
export function maskLine(
  line: string,
  found: number,
  adapterPatterns: readonly RegExp[] = [],
  contextLength = 0,
): string {
  const visible = hideEscapes(line);
  const spans: Span[] = [];
  rules.forEach(({ rule }, index) => {
    if ((found & (1 << index)) !== 0) rule(visible.text, spans);
  });
  for (const pattern of adapterPatterns) {
    for (const match of visible.text.matchAll(pattern)) {
      if (match[0] !== "") spans.push({ start: match.index, end: match.index + match[0].length });
    }
  }
  return maskSpans(
    line.slice(contextLength),
    spans.map(({ start, end }) => ({
      start: Math.max(0, visible.place(start) - contextLength),
      end: visible.place(end - 1) + 1 - contextLength,
    })),
  );
}

/** Returns the bits of the rules whose trigger words a text contains. Before the table exists, a short text is searched for each word, because that is faster than creating the table. */
export function findTriggers(text: string): number {
  if (triggers === undefined && text.length <= shortText) return findWords(text.toLowerCase());
  const { table, firstHit, hits } = getTriggers();
  let state = 0;
  let found = 0;
  for (const byte of Buffer.from(text, "latin1")) {
    state = table[(state << 8) | byte] ?? 0;
    if (state >= firstHit) found |= hits[state] ?? 0;
  }
  return found;
}

const shortText = 1024;

function findWords(lower: string): number {
  let found = 0;
  rules.forEach(({ words }, index) => {
    if (words.some((word) => lower.includes(word))) found |= 1 << index;
  });
  return found;
}

/** Removes terminal colors from a line. `place` maps an index in the result to the index in the line. */
function hideEscapes(line: string): { readonly text: string; readonly place: (at: number) => number } {
  if (!line.includes("\x1b")) return { text: line, place: (at) => at };
  const places: number[] = [];
  let text = "";
  let state: EscapeState = 0;
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (state !== 0) state = nextEscapeState(state, code);
    else if (beginsEscape(code)) state = 1;
    else {
      places.push(at);
      text += line[at];
    }
  }
  return { text, place: (at) => places[at] ?? line.length };
}

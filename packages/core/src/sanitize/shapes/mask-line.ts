import { maskCommands } from "./commands.ts";
import { maskHeaders } from "./headers.ts";
import { maskKeys } from "./keys.ts";
import { maskPasswords } from "./passwords.ts";
import { maskPrivateKeys } from "./private-keys.ts";
import { maskSpans, type Rule, type Span } from "./spans.ts";
import { maskSignatures, maskTokens, tokenShapes } from "./tokens.ts";
import { createTriggers } from "./triggers.ts";
import { maskUrls } from "./urls.ts";

/** Each rule with the words without which it finds nothing, in lower case. */
const rules: readonly { readonly rule: Rule; readonly words: readonly string[] }[] = [
  { rule: maskPrivateKeys, words: ["private key", "putty-user-key-file"] },
  { rule: maskTokens, words: tokenShapes.flatMap(({ begins }) => begins) },
  { rule: maskUrls, words: ["://", ":\\/\\/", "%3a%2f%2f"] },
  { rule: maskHeaders, words: ["authorization", "bearer", "cookie"] },
  { rule: maskPasswords, words: ["pass", "pwd"] },
  { rule: maskKeys, words: ["key", "token", "secret", "credential", "auth", "sig", "code", "webhook", "session", "sid"] },
  { rule: maskSignatures, words: ["sig=", "signature=", "x-amz-", "x-goog-", "code=", "auth=", "jwt=", "hmac=", "hash="] },
  {
    rule: maskCommands,
    words: ["sshpass", " login", "curl", "--auth", "--user", "mysql", "mariadb", "redis-cli", "pass:", "chpasswd", "sudo -s", "convertto-securestring", "send ", "--credentials"],
  },
];

/** The bits of {@link triggers}: one for each rule. */
export const triggers = createTriggers(new Map(rules.map(({ words }, index) => [1 << index, words])));

/** The bit that says that a private key may begin in a line. */
export const privateKeyBit = 1;

/** Masks what looks like a secret in one line; `found` are the rules whose words it holds. Time grows with the length only. */
export function maskLine(line: string, found: number, adapterPatterns: readonly RegExp[] = []): string {
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
    line,
    spans.map(({ start, end }) => ({ start: visible.place(start), end: visible.place(end - 1) + 1 })),
  );
}

/** The rules whose words a text holds. */
export function findTriggers(text: string): number {
  const bytes = Buffer.from(text, "latin1");
  let state = 0;
  let found = 0;
  for (const byte of bytes) {
    state = triggers.table[(state << 8) | byte] ?? 0;
    if (state >= triggers.firstHit) found |= triggers.hits[state] ?? 0;
  }
  return found;
}

/** A text without the colors of a terminal, and where each of its characters stands in the whole one. */
function hideEscapes(line: string): { readonly text: string; readonly place: (at: number) => number } {
  if (!line.includes("\x1b")) return { text: line, place: (at) => at };
  const places: number[] = [];
  let text = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const escapes = /\x1b(?:\[[\x20-\x3f]{0,64}[\x40-\x7e]|\][^\x07\x1b]{0,1024}(?:\x07|\x1b\\)|[\x20-\x2f]{0,4}[\x30-\x7e])/g;
  let from = 0;
  const take = (until: number) => {
    for (let at = from; at < until; at += 1) places.push(at);
    text += line.slice(from, until);
  };
  for (const match of line.matchAll(escapes)) {
    take(match.index);
    from = match.index + match[0].length;
  }
  take(line.length);
  return { text, place: (at) => places[at] ?? line.length };
}

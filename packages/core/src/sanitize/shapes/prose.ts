import type { Rule } from "./spans.ts";
import { isPlaceholder, looksChosen } from "./values.ts";

/** A user and a password: `login with ana / …`, `credentials: ana:…`, `user/pass: ana/…`. Group 1 is the password. */
const pair =
  /\b(?:log[ -]?in|logins?|credentials?|creds|user(?:name)?\s?[/:]\s?pass(?:word|wd)?)\b[^\n@/]{0,40}?[\s:=('"`][\w.+-]{1,64}(?:\s?\/\s?|:\s?|\s\|\s)([^\s'"`<>,;()@]{6,128})/gi;

/** `-u ana:…`, of programs that are not known. */
const flag = /(?:^|\s)-u\s{1,4}["']?[\w.@+-]{1,64}:([^\s'"`:]{6,128})/g;

/** Masks the password where somebody wrote down a user and a password. */
export const maskProse: Rule = (text, spans) => {
  for (const match of [...text.matchAll(pair), ...text.matchAll(flag)]) {
    const password = (match[1] ?? "").replace(/[.,]+$/, "");
    if (!looksChosen(password) || isPlaceholder(password)) continue;
    const start = match.index + match[0].lastIndexOf(match[1] ?? "");
    spans.push({ start, end: start + password.length });
  }
};

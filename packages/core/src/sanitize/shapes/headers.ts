import type { Rule } from "./spans.ts";
import { createValueReader, isPlaceholder, looksRandom } from "./values.ts";

const authorization =
  /authorization(?:\\*["'`\]]{0,2}\s{0,8}(?:=>|[:=]|%3A|%3D)|\\*(["'`]),)(?:\s{0,8}|%20|\\\s)\[?\s{0,8}(?:b?\\*["'`])?/gi;
/** The scheme in front of the secret, which is not masked. */
const scheme =
  /(?:bearer|basic|token|digest|apikey|api-key|key|negotiate|ntlm|sso-key|aws4-hmac-sha256|hawk|signature|oauth|aws|splunk|sharedkey|sharedkeylite|googlelogin|goog4-rsa-sha256|bot|private-token)(?:\s{1,8}|%20|\+|:\s{0,4}|\\\s)/iy;
const bearer = /\bbearer(?:\s{1,8}|%20|\+|\\\s|:\s{0,4}|["'],\s{0,4}["'])(?=\S)/gi;
const cookie = /\b(?:set-)?cookie\\*["']?\s{0,4}[:=]\s{0,4}/gi;

/** Masks the values of `Authorization`, `Bearer` and `Cookie` in headers, dictionaries and queries. */
export const maskHeaders: Rule = (text, spans) => {
  const readValue = createValueReader(text);
  for (const match of text.matchAll(authorization)) {
    scheme.lastIndex = match.index + match[0].length;
    const hasScheme = scheme.test(text);
    const start = hasScheme ? scheme.lastIndex : match.index + match[0].length;
    const end = /^(?:aws4|goog4|digest|oauth|hawk|signature)/i.test(
      text.slice(match.index + match[0].length, start),
    )
      ? findPartsEnd(text, start, /["'`]/.exec(match[0].slice(-1) + (text[match.index - 1] ?? ""))?.[0])
      : findHeaderEnd(text, start);
    const value = text.slice(start, end);
    if (isPlaceholder(value)) continue;
    if (!hasScheme && isProse(value)) {
      // The scheme is not a known one.
      const credentials = /^\s{1,8}([^\s"'`,;]{12,4096})/.exec(text.slice(end, end + 4100))?.[1] ?? "";
      if (!/\d/.test(credentials) || isPlaceholder(credentials)) continue;
      const credentialsStart = text.indexOf(credentials, end);
      spans.push({ start: credentialsStart, end: credentialsStart + credentials.length });
      continue;
    }
    if (end > start) spans.push({ start, end });
  }
  for (const match of text.matchAll(bearer)) {
    const value = readValue(match.index + match[0].length);
    if (value === undefined) continue;
    const content = text.slice(value.start, value.end);
    if (!isPlaceholder(content) && content.length >= 6 && (/\d/.test(content) || looksRandom(content, 20)))
      spans.push(value);
  }
  for (const match of text.matchAll(cookie)) {
    const at = match.index + match[0].length;
    const line = text.slice(at, at + 4096).split(/[\r\n"']/)[0] ?? "";
    for (const part of line.matchAll(/=([^;,\s]{12,})/g)) {
      if (!looksRandom(part[1] ?? "", 12)) continue;
      const start = at + part.index + 1;
      spans.push({ start, end: start + (part[1] ?? "").length });
    }
  }
};

/** Returns where the value of a header ends: at a blank, a quote, an escaped line end, or a separator of a list. */
function findHeaderEnd(text: string, start: number): number {
  const rest = text.slice(start, start + 4096);
  const end = rest.search(/["'\r\n`\s,;\]})]|\\+[rn"']/);
  return start + (end === -1 ? rest.length : end);
}

/** Returns where a header with several parts ends: at the quote that encloses it, or at the end of the line. */
function findPartsEnd(text: string, start: number, quote: string | undefined): number {
  const rest = text.slice(start, start + 4096);
  const lineEnd = rest.search(/[\r\n]|\\+[rn](?![a-z])/);
  const end = quote === undefined ? -1 : rest.indexOf(quote);
  const ends = [lineEnd, end].filter((at) => at !== -1);
  return start + (ends.length === 0 ? rest.length : Math.min(...ends));
}

function isProse(value: string): boolean {
  return /^[A-Za-z]+$/.test(value);
}

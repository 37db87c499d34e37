import type { Span } from "./spans.ts";

/** Longer values are masked only so far: no password and no token is as long. */
const longestValue = 4 * 1024;

/** So much of a value tells what it is. */
const mostJudged = 256;

/** Reads the value that begins at a place; undefined where there is none. */
export type ReadValue = (at: number) => (Span & { readonly isQuoted: boolean }) | undefined;

/**
 * Creates a reader of values in a text: without their quotes (also escaped ones, as in JSON within JSON), or bare up to a
 * blank or to what ends them in a query, a connection string or a list. However often it is asked, bare values are read once.
 */
export function createValueReader(text: string): ReadValue {
  let bare = { start: -1, end: -1 };
  const findBareEnd = (start: number) => {
    if (start < bare.start || start >= bare.end) {
      const limit = Math.min(text.length, start + longestValue);
      let end = start;
      while (end < limit && !endsBareValue(text, end)) end += 1;
      bare = { start, end };
    }
    return bare.end;
  };
  return (at) => {
    const opening = /(?:\$|[bBrRfFuU]{1,2})?(\\*)(["'`])|&quot;|&#39;|&#34;/y;
    opening.lastIndex = at;
    const match = opening.exec(text);
    if (match === null) {
      const end = findBareEnd(at);
      return end === at ? undefined : { start: at, end, isQuoted: false };
    }
    const start = opening.lastIndex;
    if (match[2] === undefined) {
      const end = text.slice(start, start + longestValue).indexOf(match[0]);
      return { start, end: end === -1 ? findLineEnd(text, start) : start + end, isQuoted: true };
    }
    return { start, end: findClosingQuote(text, start, match[2], match[1]?.length ?? 0), isQuoted: true };
  };
}

/** A quote closes when as many backslashes stand before it as before the opening one; more of them escape it. */
function findClosingQuote(text: string, start: number, quote: string, depth: number): number {
  const limit = Math.min(text.length, start + longestValue);
  let backslashes = 0;
  for (let at = start; at < limit; at += 1) {
    const character = text[at];
    if (character === "\\") backslashes += 1;
    else if (character === quote && backslashes >= depth && (backslashes - depth) % (2 * (depth + 1)) === 0)
      return at - depth;
    else if (character === "\n" || character === "\r") return at;
    else backslashes = 0;
  }
  return limit;
}

function endsBareValue(text: string, at: number): boolean {
  const character = text[at] ?? "";
  if (character <= " " || character === '"' || character === "'" || character === "`") return true;
  const next = text[at + 1] ?? " ";
  if (character === "\\")
    return (
      /^\\+(?:["'`]|[nrt](?![A-Za-z0-9]))/.test(text.slice(at, at + 12)) ||
      text.slice(at, at + 4) === "\\r\\n"
    );
  if (character === "&")
    return /^&(?:amp;|quot;|#3[49];|[\w.%[\]-]{1,64}=|[\s"']|$)/.test(text.slice(at, at + 72));
  if (character === ";") return /^;(?:\s|$|[\w ]{1,40}=)/.test(text.slice(at, at + 48));
  if (character === ",") return /^,(?:\s|$|["'\\]|[\w.-]{1,40}[=:])/.test(text.slice(at, at + 48));
  if (character === "<") return /^<(?:\/|br|[a-z]+>)/i.test(text.slice(at, at + 8));
  if (character === "%") return /^%26[\w.-]{1,64}(?:%3D|=)/i.test(text.slice(at, at + 80));
  if (character === "|") return next <= " ";
  if (")}]>".includes(character)) return next <= " " || "\"'`,;:.)}]>\\".includes(next);
  return false;
}

function findLineEnd(text: string, at: number): number {
  const end = text.slice(at, at + longestValue).search(/[\r\n]/);
  return end === -1 ? Math.min(text.length, at + longestValue) : at + end;
}

const placeholders = [
  /^[*•.x#_?-]*$/i,
  /^\*+\w*\*+$/,
  /^\[?(?:redacted|masked|hidden|protected|filtered|removed|secure|omitted|withheld[^\]]*)\]?$/i,
  /^\((?:protected|hidden|redacted|masked|secret|none|unset|not set|empty)\)$/i,
  /^<[^<>]*>?$/,
  /^\$(?:\{|\(|[A-Za-z_])/,
  /^%[A-Za-z_]+%$/,
  /^%(?:s|r|v|q|\([\w.]+\)s)/,
  /^\{\{?[^{}]*\}?\}?$/,
  /^(?:null|none|nil|undefined|true|false|yes|no|on|off|n\/a|unset|empty|blank|default|required|optional|changed|incorrect|invalid|wrong|missing|expired|accepted|updated|string|str|text|bytes|any|unknown|object|bool|boolean|password|passwd|secret|token|key|prompt|ask|stdin|hidden)$/i,
  /^(?:your|my|the|some|new|old|insert|enter|replace|put|add|example|dummy|fake|test|sample)[-_ ]?(?:[a-z]+[-_ ]?)*(?:password|passwd|token|secret|key|here|value|id)[-_ ]?(?:here)?$/i,
  /^[A-Z]+(?:_[A-Z]+)*_(?:PASSWORD|TOKEN|SECRET|KEY)$/,
  /^(?:os\.|process\.env|env[.[]|environ|config[.[(]|settings[.[(]|args\.|opts?\.|options\.|self\.|this\.|getenv|getpass|input\(|secrets?[.[]|vault|ref\+|op:\/\/|!vault|arn:)/i,
  /^[A-Za-z_][\w.]{0,60}\([^)]*\)?/,
  /^z\.\w/,
  /^(?:Optional|Union|Secret(?:Str)?|Annotated|Field|Literal)\b/,
  /^(?:sk|cw|hf|ghp|glpat)[-_](?:\.{3}|…|\**|x*)$/i,
];

/** Whether a value only stands for one: empty, a variable, `<token>`, `****`, a type, a call in source code. */
export function isPlaceholder(value: string): boolean {
  const text = value.slice(0, mostJudged).trim();
  return text === "" || placeholders.some((pattern) => pattern.test(text));
}

/** Whether a value looks drawn at random, as keys are and words, versions and paths are not. */
export function looksRandom(value: string, shortest = 16): boolean {
  const text = decodePercent(value.slice(0, mostJudged));
  if (text.length < shortest || !/^[\w+/=.~:$!@#%&*-]+$/.test(text)) return false;
  if (
    /^[\w.-]*\/[\w./-]*$/.test(text) &&
    /^(?:\/|\.|~|[a-z_-]+\/[a-z_-]+)/.test(text) &&
    !/[+=]/.test(text) &&
    !/\d.*\d.*\d/.test(text)
  )
    return false;
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return true;
  const digits = text.replaceAll(/[^0-9]/g, "").length;
  const lower = /[a-z]/.test(text);
  const upper = /[A-Z]/.test(text);
  if (digits === 0) return lower && upper && text.length >= 24 && countCaseChanges(text) >= 6;
  if (!lower && !upper) return false;
  // `linux-x64-node20`, `yolo11n-seg.pt`: words and versions between separators.
  if (
    text.split(/[-_.:/@]/).every((part) => /^(?:[a-z]+\d{0,3}|\d{1,8}|v?\d+[a-z]?|[A-Z]+\d{0,2})$/.test(part))
  )
    return false;
  return new Set(text).size >= Math.min(8, text.length / 2);
}

function countCaseChanges(text: string): number {
  let changes = 0;
  for (let at = 1; at < text.length; at += 1) {
    if (/[a-z]/.test(text[at - 1] ?? "") !== /[a-z]/.test(text[at] ?? "")) changes += 1;
  }
  return changes;
}

function decodePercent(text: string): string {
  try {
    return text.includes("%") ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}

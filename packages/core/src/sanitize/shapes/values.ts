import type { Span } from "./spans.ts";

/** Only this many characters of a longer value are masked, because no password and no token is longer. */
const longestValue = 4 * 1024;

/** The number of characters that are enough to classify a value. */
const mostClassified = 256;

/** Returns the value that begins at an index, or undefined if there is none. */
export type ReadValue = (at: number) => (Span & { readonly isQuoted: boolean }) | undefined;

/**
 * Creates a reader of the values in a text. A quoted value is returned without its quotes, which may be escaped, as in JSON within
 * JSON. A bare value ends at a blank or at a separator of a query, a connection string or a list. Each bare value is scanned only
 * once, so that many calls take linear time together.
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
    let start = opening.lastIndex;
    // Python's triple quotes
    if (match[1] === "" && text.startsWith(`${match[2]}${match[2]}`, start)) start += 2;
    if (match[2] === undefined) {
      const end = text.slice(start, start + longestValue).indexOf(match[0]);
      return { start, end: end === -1 ? findLineEnd(text, start) : start + end, isQuoted: true };
    }
    return { start, end: findClosingQuote(text, start, match[2], match[1]?.length ?? 0), isQuoted: true };
  };
}

/** Returns where the closing quote is. It has as many backslashes in front of it as the opening quote; a quote with more of them is escaped. */
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
      /^\\+(?:["'`]|[nrt](?![A-Za-z0-9])|n[A-Za-z_][\w.-]{0,40}\s?[=:]|u0026)/.test(
        text.slice(at, at + 56),
      ) || text.slice(at, at + 4) === "\\r\\n"
    );
  if (character === "&")
    return /^&(?:amp;|quot;|#3[49];|[\w.%[\]-]{1,64}=|[\s"']|$)/.test(text.slice(at, at + 72));
  if (character === ";") return /^;(?:\s|$|[\w ]{1,40}=)/.test(text.slice(at, at + 48));
  if (character === ",") return /^,(?:\s|$|["'\\]|[\w.-]{1,40}[=:])/.test(text.slice(at, at + 48));
  if (character === "<") return /^<(?:\/|br|[a-z]+>)/i.test(text.slice(at, at + 8));
  if (character === "%")
    return /^%(?:26[\w.-]{1,64}(?:%3D|=)|22(?:%2C|%7D|%5D|[^\w%]|$))/i.test(text.slice(at, at + 80));
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
  /^[^A-Za-z0-9]{0,3}(?:\[redacted\]?[^A-Za-z0-9]{0,3}){1,8}$/,
  /^[|>][+-]?\d?$/,
  /^[A-Za-z_]\w{2,}\[['"\d]/,
  /^\[?(?:redacted|masked|hidden|protected|filtered|removed|secure|omitted|withheld[^\]]*)\]?$/i,
  /^\(\(/,
  /^(?:var|local|module|data|params|cfg|request|req|body|ctx)\.[A-Za-z_][\w.]*$/,
  /^\((?:protected|hidden|redacted|masked|secret|none|unset|not set|empty)\)$/i,
  /^<[^<>]*>?$/,
  /^\$(?:\{|\(|[A-Za-z_])/,
  /^%[A-Za-z_]+%$/,
  /^%(?:s|r|v|q|\([\w.]+\)s)/,
  /^\{\{?[^{}]*\}?\}?$/,
  /^(?:null|none|nil|undefined|true|false|yes|no|on|off|n\/a|unset|empty|blank|default|required|optional|changed|incorrect|invalid|wrong|missing|expired|accepted|updated|string|str|text|bytes|any|unknown|object|bool|boolean|password|passwd|pass|pwd|pw|secret|token|key|prompt|ask|stdin|hidden)$/i,
  /^(?:your|my|the|some|new|old|insert|enter|replace|put|add|example|dummy|fake|test|sample)[-_ ]?[a-z_ -]{0,60}?(?:password|passwd|token|secret|key|here|value|id)[-_ ]?(?:here)?$/i,
  /^[A-Z]+(?:_[A-Z]+)*_(?:PASSWORD|TOKEN|SECRET|KEY)$/,
  /^(?:os\.|process\.env|env[.[]|environ|config[.[(]|settings[.[(]|args\.|opts?\.|options\.|self\.|this\.|getenv|getpass|input\(|secrets?[.[]|vault|ref\+|op:\/\/|!vault|arn:)/i,
  /^[A-Za-z_][A-Za-z_.]{0,60}\d?\([^)]*\)?/,
  /^z\.\w/,
  /^(?:Optional|Union|Secret(?:Str)?|Annotated|Field|Literal)\b/,
  /^(?:sk|cw|hf|ghp|glpat)[-_](?:\.{3}|…|\**|x*)$/i,
];

/** Returns whether a value is only a placeholder: empty, a variable, `<token>`, `****`, a type, or a call in source code. */
export function isPlaceholder(value: string): boolean {
  const text = value.slice(0, mostClassified).trim();
  return text === "" || placeholders.some((pattern) => pattern.test(text));
}

/** Returns whether a value looks random, as keys do, and words, versions and paths do not. */
export function looksRandom(value: string, shortest = 16): boolean {
  const text = decodePercent(value.slice(0, mostClassified)).replaceAll("\\/", "/");
  // Fingerprints and times are meant to be shown.
  if (/^(?:sha\d{1,3}|md5)[:/-]/i.test(text) || /^\d{4}-\d\d-\d\d[T_ ]\d\d:?\d\d/.test(text)) return false;
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
  if (digits === 0)
    return lower && upper && text.length >= 24 && countCaseChanges(text) >= 6 && !isMadeOfWords(text, 2);
  if (!lower && !upper) return false;
  // Words and versions with separators between them, such as `linux-x64-node20` and `yolo11n-seg.pt`, are not random.
  const parts = text.split(/[-_.:/@]/);
  if (parts.every((part) => wordOrNumber.test(part))) return false;
  // `default-token-x7k2p`
  if (
    parts.every((part) => wordOrNumber.test(part) || /^[a-z0-9]{5}$/.test(part)) &&
    parts.filter((part) => /^[a-z]{4,}$/.test(part)).length * 2 >= parts.length
  )
    return false;
  if (digits <= 2 && isMadeOfWords(text, 3)) return false;
  return new Set(text).size >= Math.min(8, text.length / 2);
}

const wordOrNumber = /^(?:[a-z]+\d{0,3}|\d{1,8}|v?\d+[a-z]?|[A-Z]+\d{0,2})$/;

/** Returns whether a value consists of words, as in `torch.fx.GraphModule`, whose lower case parts have a minimum length. */
function isMadeOfWords(text: string, shortest: number): boolean {
  const parts = text.match(/[a-z]+/g) ?? [];
  return parts.length > 0 && parts.every(({ length }) => length >= shortest);
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

/** Returns whether a word in a sentence looks like a password that somebody chose, such as `hunter2!`, and not like a word, a path, a version or an algorithm. */
export function looksChosen(value: string): boolean {
  if (value.length < 6 || value.length > 128 || !/^[\w!@#$%^&*?+~.=-]+$/.test(value)) return false;
  if (
    !/[A-Za-z]/.test(value) ||
    !/[\d!@#$%^&*?+~=]/.test(value.slice(0, -1) + value.slice(-1).replace(/[.?=]/, ""))
  )
    return false;
  return !/^(?:v?\d+(?:\.\d+)+.*|[\w-]+(?:\.[A-Za-z]{2,5})+|sha\d+|md5\w*|base64|oauth2?|utf-?8|[a-z]+-\d+|\w+@[\w.]+|\d+[a-z]{1,3}|--?[\w-]+=?|\w+=\S*|[A-Z]+_[A-Z_]+\d*)$/i.test(
    value,
  );
}

/**
 * Checks of the bytes around a trigger word. Each returns false only if the rule of the word cannot match there. Ordinary logs are
 * full of words such as `tokens/s`, and to decode their lines and match all patterns would take most of the time.
 */
export type HasEvidence = (bytes: Uint8Array, wordEnd: number, limit: number) => boolean;

const escapeCode = 0x1b;

/** Values of keys are made of these. */
const isKeyByte = createByteSet("+/=.~:$!@#%&*-_\\^()");
const isSignatureByte = createByteSet("%/+=_.~-\\");
/** What may stand between the name of a key and its value. */
const isSeparator = createByteSet("\"'`[](){}=:?,>|\\", "");
/** What may follow the name of a key. */
const followsName = createByteSet(" \t\"'`]=:?+%>(|,\\&", "");
const isBlankOrQuote = createByteSet(" \t\r\n/@\"'<>", "");

const shortestKey = 12;
const shortestWordy = 24;
const mostSeparators = 120;

/** A value of at least 12 characters, of which one is a digit, or of 24, must follow the name. */
export const hasKey: HasEvidence = (bytes, wordEnd, limit) => {
  let at = wordEnd;
  const first = bytes[at] ?? 0;
  if (first === escapeCode) return true;
  if (first === 0x2d || first === 0x5f) return ((bytes[at + 1] ?? 0) | 0x20) === 0x64; // `client-key-data`
  if (followsName[first] === 0) return false;
  // `the token is …`, `API key from your profile: …`
  if (first === 0x20 && isLetter(bytes[at + 1] ?? 0))
    return hasLongWord(bytes, at, Math.min(limit, at + mostSeparators));
  const last = Math.min(limit, at + mostSeparators);
  // A name in a list may be followed by a scheme, or by a prefix of Python's.
  for (let tries = 0; tries < 4; tries += 1) {
    while (
      at < last &&
      (isSeparator[bytes[at] ?? 0] === 1 || (bytes[at] ?? 0) === 0x20 || bytes[at] === 0x09)
    )
      at += 1;
    const start = at;
    let digits = 0;
    while (at < limit && at - start < shortestWordy && isKeyByte[bytes[at] ?? 0] === 1) {
      if (isDigit(bytes[at] ?? 0)) digits += 1;
      at += 1;
    }
    if (at - start >= shortestWordy || (at - start >= shortestKey && digits > 0)) return true;
    if (bytes[at] === escapeCode) return true;
    if (at === start || at - start > 10 || at >= last) return false;
  }
  return true;
};

/** Whether one of the next words looks like a key. */
function hasLongWord(bytes: Uint8Array, from: number, to: number): boolean {
  let length = 0;
  let digits = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === escapeCode) return true;
    if (isKeyByte[byte] === 0) length = digits = 0;
    else {
      length += 1;
      if (isDigit(byte)) digits += 1;
      if (length >= shortestWordy || (length >= shortestKey && digits > 0)) return true;
    }
    if (byte === 0x0a || byte === 0x0d) return false;
  }
  return length > 0 && digits > 0;
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

/** `KEY=` must be followed by a long value. */
export const hasSignature: HasEvidence = (bytes, wordEnd, limit) =>
  hasRun(bytes, wordEnd, limit, isSignatureByte, 16);

/** The beginning of a token must be followed by the rest. */
export const hasToken: HasEvidence = (bytes, wordEnd, limit) =>
  hasRun(bytes, wordEnd, limit, isSignatureByte, 8);

function hasRun(bytes: Uint8Array, start: number, limit: number, set: Uint8Array, shortest: number): boolean {
  const end = Math.min(limit, start + shortest);
  for (let at = start; at < end; at += 1) {
    if (set[bytes[at] ?? 0] === 0) return bytes[at] === escapeCode;
  }
  return end === start + shortest;
}

const longestUserInfo = 1400;

/** After `://`, an `@` must follow before the host ends. */
export const hasUserInfo: HasEvidence = (bytes, wordEnd, limit) => {
  if (bytes[wordEnd - 1] === 0x66 || bytes[wordEnd - 1] === 0x46) return true; // `%3A%2F%2F`
  const end = Math.min(limit, wordEnd + longestUserInfo);
  let hasColon = false;
  let isPort = true;
  for (let at = wordEnd; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x40 || byte === escapeCode) return true;
    // `host:8080/…` has a port, and `user:pass/word@host` a password.
    if (isBlankOrQuote[byte] === 1) return byte === 0x2f && hasColon && !isPort;
    if (hasColon && !isDigit(byte)) isPort = false;
    if (byte === 0x3a) hasColon = true;
  }
  return false;
};

/** After `login`, a `/` or `:` must separate a user from a password of at least six characters. */
export const hasPair: HasEvidence = (bytes, wordEnd, limit) => {
  const end = Math.min(limit, wordEnd + 120);
  for (let at = wordEnd - 1; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === escapeCode) return true;
    if (byte === 0x0a || byte === 0x0d) return false;
    if (
      (byte === 0x2f || byte === 0x3a || byte === 0x7c) &&
      hasRun(bytes, at + (bytes[at + 1] === 0x20 ? 2 : 1), limit, isPasswordByte, 6)
    )
      return true;
  }
  return false;
};

const isPasswordByte = createByteSet("!@#$%^&*?+~.=-_");

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** `password`, `passphrase`, `PASS` and `pass=` are names of passwords; `passed`, `pass` and `compass` are words. */
export const hasPassword: HasEvidence = (bytes, wordEnd) => {
  if (((bytes[wordEnd - 4] ?? 0) | 0x20) !== 0x70 || ((bytes[wordEnd - 1] ?? 0) | 0x20) !== 0x73) return true; // not `pass`
  const first = bytes[wordEnd] ?? 0;
  const letter = first | 0x20;
  if (letter === 0x77 || letter === 0x70 || letter === 0x63) return true; // `passw`, `passp`, `passc`
  if (letter >= 0x61 && letter <= 0x7a && !"svtrbh".includes(String.fromCharCode(letter))) return false;
  const before = bytes[wordEnd - 5] ?? 0;
  return (
    (bytes[wordEnd - 4] ?? 0) === 0x50 ||
    before === 0x2d ||
    before === 0x5f ||
    assigns[first] === 1 ||
    (first === 0x20 && assigns[bytes[wordEnd + 1] ?? 0] === 1)
  );
};

/** What follows a name that is given a value. */
const assigns = createByteSet("=:\"'%]\\\x1b", "");

function createByteSet(characters: string, ranges = "azAZ09"): Uint8Array {
  const set = new Uint8Array(256);
  for (const byte of Buffer.from(characters, "latin1")) set[byte] = 1;
  for (let at = 0; at < ranges.length; at += 2)
    set.fill(1, ranges.charCodeAt(at), ranges.charCodeAt(at + 1) + 1);
  return set;
}

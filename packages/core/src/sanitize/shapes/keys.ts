import type { Rule } from "./spans.ts";
import { createValueReader, isPlaceholder, looksRandom } from "./values.ts";

/** Names whose value is a secret only if it looks random: that of `num_tokens=256` is not. */
const names =
  /(?<strong>api[\s_-]?key|access[\s_-]?key|secret(?:[_-]?(?:access[_-]?)?key)?|(?:auth|access|refresh|id|bearer|hub|bot|session|security|private|deploy|app|user|api|sas|registry|personal)?[_-]?token|account[_-]?key|storage[_-]?key|private[_-]?key|client[_-]?key(?:-data)?|encryption[_-]?key|signing[_-]?key|shared[_-]?access[_-]?key|license[_-]?key|credentials?|x-[a-z-]{1,30}-(?:key|token|auth)|_?auth)|(?<weak>key|sig|signature|code|webhook|cookie|sid|session)(?![A-Za-z0-9_])/gi;

const separator =
  /(?:\s(?:key|token))?\\*["'`\]]{0,2}\s{0,8}(?:=>|[:?+]=|==?|:(?!\/\/)|%3D|%3A|\\u003[dD]|>(?=[^<>\s]+<\/))\s{0,8}\[?/iy;
const listed = /\\*(["'`]),\s{0,4}(?=[bru]?\\*["'`])/y;
const blank = /\s{1,8}(?!-)/y;
/** `the token is …`, `paste an API key from your profile and hit enter: …` */
const told = /\s(?:is|was|provided)\s?:?\s{1,4}/iy;
const prompt = /\s[\w ,'()/.-]{1,80}:\s{1,4}/iy;
const called = /\(\s{0,4}(?=[bru]?["'])/y;
const column = /\s{0,40}\|\s{0,40}/y;

const shortestStrong = 12;
const shortestWeak = 20;

/** Masks keys and tokens that are recognized by their name. */
export const maskKeys: Rule = (text, spans) => {
  const readValue = createValueReader(text);
  let maskedEnd = 0;
  for (const match of text.matchAll(names)) {
    if (match.index < maskedEnd) continue;
    const nameEnd = match.index + match[0].length;
    // `tokenizer`, `secretsmanager` and `authority` are other words.
    if (/[A-Za-z0-9]/.test(text[nameEnd] ?? "") && !/^s?(?:\b|_)/.test(text.slice(nameEnd, nameEnd + 2)))
      continue;
    const isWeak = match.groups?.weak !== undefined;
    const before = text.slice(Math.max(0, match.index - 40), match.index);
    // `monkey`, `decode` and `inside` are words; `sessionKey` is a name.
    if (isWeak && /[A-Za-z]$/.test(before) && !(/[a-z]$/.test(before) && /^[A-Z][a-z]/.test(match[0])))
      continue;
    if (
      isWeak &&
      /(?:cache|public|host|primary|foreign|sort|map|partition|object|row|dict|hot|state|exit|status|error|source|zip|postal|country|git|short|byte|op|char|return|response|http)[\s_-]?$/i.test(
        before,
      )
    )
      continue;
    const at = findValueStart(text, nameEnd, isWeak, /--?[\w-]*$/.test(before));
    const value = at === undefined ? undefined : readValue(at);
    if (value === undefined) continue;
    const content = text.slice(value.start, value.end);
    if (isPlaceholder(content) || isNumber(content)) continue;
    if (
      looksRandom(content, isWeak ? shortestWeak : shortestStrong) ||
      (value.isQuoted && isSecretText(match[0], content))
    ) {
      spans.push(value);
      maskedEnd = value.end;
    }
  }
};

function findValueStart(text: string, nameEnd: number, isWeak: boolean, isFlag: boolean): number | undefined {
  for (const expression of [
    separator,
    listed,
    called,
    column,
    ...(isWeak ? [] : [told, prompt]),
    ...(isFlag || (!isWeak && isCommand(text, nameEnd)) ? [blank] : []),
  ]) {
    expression.lastIndex = nameEnd;
    if (expression.test(text)) return expression.lastIndex;
  }
  return undefined;
}

/** Whether a long word follows the name, as in `dvc remote modify store secret_access_key …`, `ENV HF_TOKEN …` or `invalid API key …`. `looksRandom` decides whether it is a secret. */
function isCommand(text: string, nameEnd: number): boolean {
  return /^\s\S{12}/.test(text.slice(nameEnd, nameEnd + 14));
}

/** A quoted secret may contain any character, such as Django's. */
function isSecretText(name: string, value: string): boolean {
  return (
    /secret/i.test(name) &&
    value.length >= 24 &&
    /^[!-~]+$/.test(value) &&
    /[a-z]/i.test(value) &&
    /\d/.test(value) &&
    /[^\w./:-]/.test(value)
  );
}

function isNumber(value: string): boolean {
  return /^[\d.,:eE+-]+$/.test(value);
}

/**
 * Makes text from elsewhere (a machine, a provider, a dataset, a plugin, a file) harmless for a terminal and for a reader: removes
 * escape sequences, control characters, direction marks and invisible characters. Line ends and tabs stay, and so do the joiners
 * and variation selectors that emoji and many scripts are written with.
 *
 * @example
 * ```ts
 * import { toPlainText } from "@unitrain/core/spec";
 *
 * console.error(toPlainText("\u001b]0;a title\u0007two\nlines")); // "two\nlines"
 * ```
 */
export function toPlainText(text: string): string {
  if (plainAscii.test(text)) return text;
  return text
    .toWellFormed()
    .replace(escapeSequence, "")
    .replace(lineEnd, (end) => (end === "\r\n" ? "\n" : " "))
    .replace(getInvisible(), (character, offset: number, whole: string) =>
      isPartOfWriting(character, whole.slice(Math.max(0, offset - 4), offset), whole.slice(offset + 1))
        ? character
        : "",
    )
    .replace(getStackedMarks(), "$1");
}

/** Like {@link toPlainText}, but for one line: line ends and tabs become spaces, so that the text cannot continue on a line of its own. */
export function toPlainLine(text: string): string {
  return toPlainText(text).replace(/[\n\t]/g, " ");
}

/**
 * Formats a value as JSON that is harmless in a terminal: what {@link toPlainText} would remove is written as `\u` escapes, so that
 * nothing is lost.
 */
export function formatJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  if (plainAscii.test(json)) return json;
  return json.replace(getInvisible(), (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** Most texts are of this form, and need no closer look. */
const plainAscii = /^[\t\n\x20-\x7e]*$/;

/**
 * Colors and cursor movements, titles and links, device strings, and short sequences, with the escape character or as one C1
 * character. A sequence ends with its line at the latest: an unterminated one must not hide the lines after it.
 */
const escapeSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed.
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\n\u0007\u001b\u0080-\u009f]*(?:\u0007|\u001b\\|\u009c)|(?:\u001b[PX^_]|[\u0090\u0098\u009e\u009f])[^\n\u001b\u0080-\u009f]*(?:\u001b\\|\u009c)|\u001b[ -/]*[0-OQ-WYZ\\`-~]/g;

/** Line ends other than `\n`. A lone one separates words, but must not overwrite a line or begin a new one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const lineEnd = /\r\n|[\u000b\u000c\r\u0085\u2028\u2029]/g;

/**
 * Returns the pattern of control characters, direction marks, zero-width and other invisible characters, tags, annotations and
 * noncharacters. A function, like the others with Unicode classes, because a start that shows only ASCII need not read those: 2 ms.
 */
const getInvisible = () =>
  /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

/** The pattern of more marks on one character than any script uses. They would be drawn over the lines around it. */
const getStackedMarks = () => /(\p{M}{8})\p{M}+/gu;

/** Whether an invisible character belongs to the writing around it. Each of them does so only once in a row. */
function isPartOfWriting(character: string, before: string, after: string): boolean {
  if (character === "\ufe0e" || character === "\ufe0f") return /\p{Emoji}$/u.test(before);
  if (/^[\ufe00-\ufe0d\u{e0100}-\u{e01ef}]$/u.test(character)) return /\p{Script=Han}$/u.test(before);
  if (character !== "\u200c" && character !== "\u200d") return false;
  if (getJoinedLetter().test(before.slice(-1)) && getJoinedLetter().test(after.slice(0, 1))) return true;
  return (
    character === "\u200d" &&
    /\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?$/u.test(before) &&
    /^\p{Extended_Pictographic}/u.test(after.slice(0, 2))
  );
}

/** The pattern of letters and marks of scripts in which joiners change the form of letters, from Arabic to Balinese and Meetei Mayek. */
const getJoinedLetter = () => /(?=[\p{L}\p{M}])[\u0600-\u1b7f\ua800-\uabff]/u;

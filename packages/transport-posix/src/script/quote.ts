import { UnitrainError } from "@unitrain/core/spec";

/**
 * One word for a POSIX shell: whatever the text holds, the shell reads it as exactly this text.
 * For a command of {@link Shell.run}, and never for a login shell, which may be fish or tcsh: that is `loginCommand`'s matter.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for a text with a NUL, which no program can be given.
 *
 * @example
 * ```ts
 * import { quote } from "@unitrain/transport-posix";
 *
 * const script = `ls -l ${quote("it's mine")}`; // ls -l 'it'\''s mine'
 * ```
 */
export function quote(text: string): string {
  if (text.includes("\0")) {
    throw new UnitrainError("INVALID_OPTIONS", `${JSON.stringify(text)} holds a NUL character.`, {
      hint: "No program can be given one: leave it out.",
    });
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Several words, with a blank between them. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/**
 * A line that makes any login shell (sh, dash, bash, zsh, fish, tcsh) run this POSIX script, standard input untouched.
 *
 * Everything but the plainest characters is written in octal, which `printf` of every POSIX shell reads by itself: no program
 * (base64 and the like) has to be there, and what is left means the same within single quotes to all of them.
 */
export function loginCommand(script: string): string {
  return `exec sh -c 'eval "$(printf "${encodeScript(script)}")"'`;
}

/** A script as `printf` of every POSIX shell reads it: safe between double quotes, and on one line. */
export function encodeScript(script: string): string {
  let text = "";
  for (const byte of Buffer.from(script, "utf8")) {
    const character = String.fromCharCode(byte);
    text += plainCharacter.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return text;
}

/** Not among them, for one login shell or the other: `'` `"` `` ` `` `$` `\` `!` `%` `^` `#` `~` `*` `?` and line ends. */
const plainCharacter = /[A-Za-z0-9 _./:=,+@|;&<>()[\]{}-]/;

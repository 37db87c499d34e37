import { UnitrainError } from "@unitrain/core/spec";

/**
 * Quotes a text as one word of a POSIX shell. Use it in scripts of {@link Shell.run}. For a login shell, which may be fish or tcsh,
 * use {@link formatLoginCommand} instead.
 *
 * @param text Any text without a NUL.
 * @throws UnitrainError `INVALID_OPTIONS` for a text with a NUL, because no program can receive one.
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
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `Cannot quote ${JSON.stringify(text)} for a shell: it contains a NUL character.`,
      {
        hint: "Remove the NUL character.",
      },
    );
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Quotes each text as one word of a POSIX shell, and joins them with spaces.
 *
 * @param words Texts without a NUL.
 * @throws UnitrainError `INVALID_OPTIONS` for a text with a NUL.
 *
 * @example
 * ```ts
 * import { quoteAll } from "@unitrain/transport-posix";
 *
 * const script = `sbatch ${quoteAll(["--job-name", "my job"])}`; // sbatch '--job-name' 'my job'
 * ```
 */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/**
 * Returns a command line that makes any login shell (sh, dash, bash, zsh, fish, tcsh) run a POSIX script. Standard input stays free
 * for the script.
 *
 * All but the plainest characters are written in octal, which `printf` of every POSIX shell decodes: no program such as base64 is
 * needed, and the remaining characters mean the same within single quotes in all these shells.
 *
 * @param script Lines of POSIX shell.
 *
 * @example
 * ```ts
 * import { childExecutor, formatLoginCommand } from "@unitrain/transport-posix";
 *
 * const fish = childExecutor("fish", ["-c"]);
 * const { stdout } = await fish.exec(formatLoginCommand("echo $((6 * 7))"));
 * ```
 */
export function formatLoginCommand(script: string): string {
  return `exec sh -c 'eval "$(printf "${encodeScript(script)}")"'`;
}

/** Encodes a script for `printf` of any POSIX shell, on one line and safe between double quotes. */
export function encodeScript(script: string): string {
  let text = "";
  for (const byte of Buffer.from(script, "utf8")) {
    const character = String.fromCharCode(byte);
    text += plainCharacter.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return text;
}

/** Excludes the characters that are special in some login shell: `'` `"` `` ` `` `$` `\` `!` `%` `^` `#` `~` `*` `?` and line ends. */
const plainCharacter = /[A-Za-z0-9 _./:=,+@|;&<>()[\]{}-]/;

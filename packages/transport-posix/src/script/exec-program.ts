import { quote, quoteAll } from "./quote.ts";

/**
 * Builds lines of shell that replace the shell by a program, never by a builtin. A program that is not on the PATH ends with 127
 * everywhere; dash and busybox would end with 126, "not allowed", when a folder of the PATH is not readable.
 */
export function buildExec(argv: readonly string[]): string {
  const [program = ""] = argv;
  const exec = `exec ${quoteAll(argv)}`;
  if (program.includes("/")) return exec;
  const name = quote(program);
  return `command -v -- ${name} >/dev/null 2>&1 || { printf '%s: not found\\n' ${name} >&2; exit 127; }\n${exec}`;
}

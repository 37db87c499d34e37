import { commands } from "../declarations/commands.ts";
import type { CommandDeclaration } from "../declarations/declaration.ts";
import { formatCommandHelp, formatProgramHelp } from "./help-text.ts";

/**
 * Returns the help that a command line requests: a text, or a command to whose help the framework contributes. Returns undefined
 * if it requests no help. Words after `--` belong to another program and are ignored.
 */
export function findRequestedHelp(words: readonly string[]): string | CommandDeclaration | undefined {
  const separator = words.indexOf("--");
  const ownWords = separator === -1 ? words : words.slice(0, separator);
  const [first, second] = ownWords;
  const findHelp = (name: string | undefined) => {
    const command = commands.find((declared) => declared.name === name);
    return command === undefined || command.isDescribedByFramework === true
      ? command
      : formatCommandHelp(command);
  };
  if (first === "help") return second === undefined ? formatProgramHelp() : findHelp(second);
  if (!ownWords.some((word) => word === "--help" || word === "-h")) return undefined;
  // The parser reports an unknown command, with a suggestion.
  return (
    findHelp(ownWords.find((word) => !word.startsWith("-"))) ??
    (first === "--help" || first === "-h" ? formatProgramHelp() : undefined)
  );
}

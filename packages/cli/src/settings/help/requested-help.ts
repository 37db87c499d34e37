import { commands } from "../declarations/commands.ts";
import type { CommandDeclaration } from "../declarations/declaration.ts";
import { formatCommandHelp, formatProgramHelp } from "./help-text.ts";

/**
 * The help that these words ask for: a text, or the command whose help it is where the framework adds to it; undefined when they
 * ask for something else. What stands behind `--` is not ours.
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
  // A command that is not there is an error with a suggestion: the parser's matter.
  return (
    findHelp(ownWords.find((word) => !word.startsWith("-"))) ??
    (first === "--help" || first === "-h" ? formatProgramHelp() : undefined)
  );
}

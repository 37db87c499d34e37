import { commands } from "../declarations/commands.ts";
import { commandHelp, programHelp } from "./help-text.ts";

/** The help that these words ask for; undefined when they ask for something else. What stands behind `--` is not ours. */
export function helpAsked(words: readonly string[]): string | undefined {
  const separator = words.indexOf("--");
  const ownWords = separator === -1 ? words : words.slice(0, separator);
  const [first, second] = ownWords;
  const commandNamed = (name: string | undefined) => commands.find((command) => command.name === name);
  if (first === "help") {
    const command = commandNamed(second);
    if (command !== undefined) return commandHelp(command);
    // A command that is not there is an error with a suggestion: the parser's matter.
    return second === undefined ? programHelp() : undefined;
  }
  if (!ownWords.some((word) => word === "--help" || word === "-h")) return undefined;
  const command = commandNamed(ownWords.find((word) => !word.startsWith("-")));
  if (command !== undefined) return commandHelp(command);
  return first === "--help" || first === "-h" ? programHelp() : undefined;
}

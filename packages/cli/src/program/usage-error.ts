import { type FrameworkCommandLine, type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import type { CommanderError } from "commander";
import leven from "leven";
import type { CliContext } from "../context/cli-context.ts";
import { listCommandSettings } from "../settings/declarations/command-settings.ts";
import { commands } from "../settings/declarations/commands.ts";
import { findNearest } from "../settings/find-nearest.ts";
import { listMeantCommands } from "./meant-commands.ts";

/** What is known about a command line that could not be parsed. */
interface TypedLine {
  readonly words: readonly string[];
  /** The declarations of all flags. */
  readonly settings: readonly SettingDeclaration[];
  readonly framework: FrameworkCommandLine;
}

/** Turns an error of the parser into one of ours with a hint that says what to write. */
export async function createUsageError(
  error: CommanderError,
  { words, settings, framework }: TypedLine,
  context: CliContext,
): Promise<UnitrainError> {
  const [first = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.!?]$/.test(first) ? "" : "."}`;
  const refused = (hint: string) => new UnitrainError("INVALID_OPTIONS", message, { hint });
  if (error.code === "commander.unknownOption") {
    const flags = flagNames(words, settings);
    const option = await optionMeant(first, words, flags, framework);
    return option ?? refused(flagHint(first, words, flags));
  }
  if (error.code === "commander.unknownCommand") return unknownCommand(message, suggestion, words, context);
  if (error.code === "commander.excessArguments" && words[0] === "ssh")
    return refused("Write a command for the machine after --: unitrain ssh swift-otter -- nvidia-smi");
  return refused(suggestion?.replace(/^\(|\)$/g, "") ?? generalHint);
}

const generalHint = "unitrain --help lists all commands, and unitrain <command> --help lists its flags.";

/** Creates the error for an unknown command, which may be a folder, a word of another tool, the name of a run, or a misspelled command. */
async function unknownCommand(
  message: string,
  suggestion: string | undefined,
  words: readonly string[],
  context: CliContext,
): Promise<UnitrainError> {
  const [command = ""] = words;
  const refused = (hint: string) => new UnitrainError("INVALID_OPTIONS", message, { hint });
  if (/^[./~]|=/.test(command)) return refused(`To train on it: unitrain train ${words.join(" ")}`);
  const suggestions = listMeantCommands(command);
  if (suggestions.length > 0) return refused(`Did you mean ${suggestions.join(", or ")}?`);
  const runs = await (await context.engine()).runs().then(
    (opened) => opened.runs(),
    () => [],
  );
  if (runs.some(({ id, name }) => name === command || id === command)) {
    return new UnitrainError("INVALID_OPTIONS", `${command} is a run, not a command.`, {
      hint: `Write what to do with it: unitrain attach ${command}, logs ${command}, stop ${command} or pull ${command}.`,
    });
  }
  return refused(suggestion?.replace(/^\(|\)$/g, "") ?? generalHint);
}

const unknownFlag = /'(--?)([A-Za-z][\w-]*)(?:=(.*))?'/;

/** Returns a hint with the flag that is most similar, or with all flags that begin with a single letter. */
function flagHint(complaint: string, words: readonly string[], flags: readonly string[]): string {
  const [, dashes = "", name = ""] = unknownFlag.exec(complaint) ?? [];
  const suggestions =
    dashes === "-" && name.length === 1
      ? flags.filter((flag) => flag.startsWith(name.toLowerCase()) && !flag.startsWith("no-"))
      : [findNearest(name.replaceAll("_", "-"), flags)].filter((flag) => flag !== undefined);
  const forms = suggestions.map((flag) => `--${flag}`);
  if (forms.length > 0) return `Did you mean ${forms.join(" or ")}?`;
  const [command = ""] = words;
  return commands.some((declaration) => declaration.name === command)
    ? `unitrain ${command} --help lists its flags.`
    : generalHint;
}

/** Creates the error for an option of the framework that was written as a flag, such as `--epochs 50`. Returns undefined if one of our flags is as similar. */
async function optionMeant(
  complaint: string,
  words: readonly string[],
  flags: readonly string[],
  framework: FrameworkCommandLine,
): Promise<UnitrainError | undefined> {
  if (words[0] !== "train" && words[0] !== "plan") return undefined;
  const [, , name = "", valueBehind] = unknownFlag.exec(complaint) ?? [];
  // A single letter is a flag of another tool, because no setting is that short.
  if (name.length < 2) return undefined;
  const { findOption, listOptions } = await import("../framework/options.ts");
  const key = findOption(name.replaceAll("-", "_"), await listOptions(framework));
  if (key === undefined) return undefined;
  const isExact = key === name.replaceAll("-", "_");
  const flag = findNearest(name.replaceAll("_", "-"), flags);
  if (!isExact && flag !== undefined && leven(name, flag) <= leven(name, key)) return undefined;
  const value = valueBehind ?? wordBehind(name, words);
  return new UnitrainError(
    "INVALID_OPTIONS",
    isExact
      ? `--${name} is written without dashes: it is a setting of the training.`
      : `--${name} is not a flag. The setting ${key} is written without dashes.`,
    { hint: `Write it in one word: ${key}=${value ?? "…"}` },
  );
}

/** Returns the value of a flag: the next word, unless it is another flag or a setting. */
function wordBehind(name: string, words: readonly string[]): string | undefined {
  const at = words.findIndex(
    (word) => word.startsWith("-") && word.replace(/^-+/, "").split("=")[0] === name,
  );
  const next = words[at + 1];
  return words[at]?.split("=")[1] ?? (next?.startsWith("-") || next?.includes("=") ? undefined : next);
}

function flagNames(words: readonly string[], settings: readonly SettingDeclaration[]): readonly string[] {
  const command = commands.find(({ name }) => name === words[0]);
  return command === undefined
    ? []
    : listCommandSettings(command, settings).flatMap(({ flag }) => flag ?? []);
}

import { type FrameworkCommandLine, type SettingDeclaration, UnitrainError } from "@unitrain/core/spec";
import type { CommanderError } from "commander";
import leven from "leven";
import type { CliContext } from "../context/cli-context.ts";
import { commands } from "../settings/declarations/commands.ts";
import { settingsOf } from "../settings/declarations/settings-of.ts";
import { nearest } from "../settings/did-you-mean.ts";
import { clean } from "../terminal/render/clean.ts";
import { commandsMeantBy } from "./other-words.ts";

/** A command line as it was understood so far. */
interface TypedLine {
  readonly words: readonly string[];
  /** All flags that there are. */
  readonly settings: readonly SettingDeclaration[];
  readonly framework: FrameworkCommandLine;
}

/** What the parser did not understand, as an error of ours that says what to write. */
export async function wrongUsage(
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
    return refused("A command for the machine stands behind --: unitrain ssh swift-otter -- nvidia-smi");
  return refused(suggestion?.replace(/^\(|\)$/g, "") ?? generalHint);
}

const generalHint = "unitrain --help lists all commands, unitrain <command> --help its flags.";

/** A folder, a word of another tool, the name of a run, or a command with a mistake in it. */
async function unknownCommand(
  message: string,
  suggestion: string | undefined,
  words: readonly string[],
  context: CliContext,
): Promise<UnitrainError> {
  const [command = ""] = words;
  const refused = (hint: string) => new UnitrainError("INVALID_OPTIONS", message, { hint });
  if (/^[./~]|=/.test(command)) return refused(`To train on it: unitrain train ${words.join(" ")}`);
  const suggestions = commandsMeantBy(command);
  if (suggestions.length > 0) return refused(`Did you mean ${suggestions.join(", or ")}?`);
  const runs = await (await context.engine()).runs().then(
    (opened) => opened.runs(),
    () => [],
  );
  if (runs.some(({ id, name }) => name === command || id === command)) {
    const name = clean(command);
    return new UnitrainError("INVALID_OPTIONS", `${name} is a run, not a command.`, {
      hint: `Write what to do with it: unitrain attach ${name}, logs ${name}, stop ${name} or pull ${name}.`,
    });
  }
  return refused(suggestion?.replace(/^\(|\)$/g, "") ?? generalHint);
}

const unknownFlag = /'(--?)([A-Za-z][\w-]*)(?:=(.*))?'/;

/** The command's own flag that is nearest; of a single letter those that begin with it. */
function flagHint(complaint: string, words: readonly string[], flags: readonly string[]): string {
  const [, dashes = "", name = ""] = unknownFlag.exec(complaint) ?? [];
  const suggestions =
    dashes === "-" && name.length === 1
      ? flags.filter((flag) => flag.startsWith(name.toLowerCase()) && !flag.startsWith("no-"))
      : [nearest(name.replaceAll("_", "-"), flags)].filter((flag) => flag !== undefined);
  const forms = suggestions.map((flag) => `--${flag}`);
  if (forms.length > 0) return `Did you mean ${forms.join(" or ")}?`;
  const [command = ""] = words;
  return commands.some((declaration) => declaration.name === command)
    ? `unitrain ${command} --help lists its flags.`
    : generalHint;
}

/** `--epochs 50`, `--epochs=50`: an option of the framework, written as a flag. Not where a flag of ours is as near. */
async function optionMeant(
  complaint: string,
  words: readonly string[],
  flags: readonly string[],
  framework: FrameworkCommandLine,
): Promise<UnitrainError | undefined> {
  if (words[0] !== "train" && words[0] !== "plan") return undefined;
  const [, , name = "", valueBehind] = unknownFlag.exec(complaint) ?? [];
  // A single letter is a flag of other tools: no setting is that short.
  if (name.length < 2) return undefined;
  const { findOption, listOptions } = await import("../framework/options.ts");
  const key = findOption(name.replaceAll("-", "_"), await listOptions(framework));
  if (key === undefined) return undefined;
  const isExact = key === name.replaceAll("-", "_");
  const flag = nearest(name.replaceAll("_", "-"), flags);
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

/** The word behind a flag, unless it is another flag or setting. */
function wordBehind(name: string, words: readonly string[]): string | undefined {
  const at = words.findIndex(
    (word) => word.startsWith("-") && word.replace(/^-+/, "").split("=")[0] === name,
  );
  const next = words[at + 1];
  return words[at]?.split("=")[1] ?? (next?.startsWith("-") || next?.includes("=") ? undefined : next);
}

function flagNames(words: readonly string[], settings: readonly SettingDeclaration[]): readonly string[] {
  const command = commands.find(({ name }) => name === words[0]);
  return command === undefined ? [] : settingsOf(command, settings).flatMap(({ flag }) => flag ?? []);
}

import { commandLine } from "@unitrain/framework-yolo/command-line";
import { groupSettings } from "../src/settings/declarations/command-settings.ts";
import { commands } from "../src/settings/declarations/commands.ts";
import type { CommandDeclaration } from "../src/settings/declarations/declaration.ts";
import { listAllSettings } from "../src/settings/list-all-settings.ts";
import type { OwnSetting } from "../src/settings/own-setting.ts";
import { formatFlag, formatHelp } from "../src/settings/setting-names.ts";
import { createDeclarations } from "../src/settings/table/declare.ts";
import { table } from "../src/settings/table/table.ts";

/** The parts of docs/cli.md that are made from the table of settings and from YOLO's own, by the marks that they stand between. */
export function generateReference(
  settings: readonly OwnSetting[] = listAllSettings(commandLine.settings, createDeclarations(table)),
): Readonly<Record<string, string>> {
  return {
    keys: generateKeyReference(settings),
    variables: generateVariableReference(settings),
    commands: commands.map((command) => chapter(command, settings)).join("\n"),
  };
}

function generateKeyReference(settings: readonly OwnSetting[]): string {
  const rows = settings
    .filter(({ configKey }) => configKey !== undefined)
    .map((setting) => {
      const { name, flag, configKey } = setting;
      const onCommandLine = wordsFor[name] ?? (flag === undefined ? "" : `\`--${flag}\``);
      return `| \`${configKey}\` | ${onCommandLine} | ${escaped(formatHelp(setting))} |`;
    });
  return `${["| key | flag | |", "| --- | --- | --- |", ...rows].join("\n")}\n`;
}

/** What is typed without a flag. */
const wordsFor: Readonly<Record<string, string>> = { data: "the first word", train: "`key=value`" };

function generateVariableReference(settings: readonly OwnSetting[]): string {
  const rows = settings.flatMap(({ environmentVariable, help }) =>
    environmentVariable === undefined ? [] : [`| \`${environmentVariable}\` | ${escaped(help)} |`],
  );
  return `${["| variable | |", "| --- | --- |", ...rows].join("\n")}\n`;
}

function chapter(command: CommandDeclaration, settings: readonly OwnSetting[]): string {
  const { name, usage, summary, notes } = command;
  const examples = [...(name === "train" ? (commandLine.examples ?? []) : []), ...command.examples];
  const groups = groupSettings(command, settings).filter(({ flags }) => flags.length > 0);
  const flags = groups.flatMap(({ title, flags }) => [
    ...(groups.length > 1 ? [`**${title}**\n`] : []),
    "| flag | |",
    "| --- | --- |",
    ...flags.map((flag) => `| \`${formatFlag(flag)}\` | ${escaped(formatHelp(flag))} |`),
    "",
  ]);
  const lines = examples.map(([line, meaning]) => (meaning === "" ? line : `${line}   # ${meaning}`));
  return [
    `### unitrain ${name}`,
    "",
    `\`unitrain ${name} ${usage}\``,
    "",
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    "",
    ...flags,
    "```sh",
    ...lines,
    "```",
    "",
    ...(notes === undefined ? [] : [notes.trimEnd().replaceAll("\n", " "), ""]),
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

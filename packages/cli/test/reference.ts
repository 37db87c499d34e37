import { commands } from "../src/settings/declarations/commands.ts";
import type { CommandDeclaration } from "../src/settings/declarations/declaration.ts";
import { flagTerm } from "../src/settings/help/help-text.ts";

/** The chapters of docs/cli.md on the commands, made from what the parser is made from. */
export function commandReference(): string {
  return commands.map(chapter).join("\n");
}

function chapter(command: CommandDeclaration): string {
  const { name, usage, summary, groups, examples, notes } = command;
  const flags = groups.flatMap(({ title, flags }) => [
    ...(groups.length > 1 ? [`**${title}**\n`] : []),
    "| flag | |",
    "| --- | --- |",
    ...flags.map((flag) => `| \`${flagTerm(flag)}\` | ${escaped(flag.meaning)} |`),
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

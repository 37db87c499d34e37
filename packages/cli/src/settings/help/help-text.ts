import type { FrameworkCommandLine, SettingDeclaration } from "@unitrain/core/spec";
import { groupSettings } from "../declarations/command-settings.ts";
import { commands } from "../declarations/commands.ts";
import type { CommandDeclaration } from "../declarations/declaration.ts";
import { listAllSettings } from "../list-all-settings.ts";
import { formatFlag, formatHelp } from "../setting-names.ts";

const width = 80;

/** Returns the text of `unitrain --help`. It is built from the declarations alone, so that the parser need not be loaded. */
export function formatProgramHelp(): string {
  const listed: Row[] = commands.map((command) => [command.listed ?? command.name, command.summary]);
  return joinParts([
    "Usage: unitrain <command> [words] [flags]",
    "Trains a model on a remote machine and downloads the result.",
    formatSection("Commands", [...listed, ["help [command]", "print the help of a command"]]),
    formatSection("Flags", [
      ["-V, --version", "print the version"],
      ["-h, --help", "print this help"],
    ]),
    formatExamples([
      ["unitrain init", "create a configuration"],
      ["unitrain plan ./pallets", "check the dataset"],
      ["unitrain train ./pallets epochs=50", "train a model"],
      ["unitrain attach", "return to the run"],
    ]),
    `Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 the training failed,
4 a machine may still cost money, 130 interrupted.
No telemetry. Runs are recorded in UNITRAIN_HOME, by default in your system's
folder for application data.`,
  ]);
}

/** Returns the text of `unitrain <command> --help`, with the options and examples of the framework. */
export function formatCommandHelp(
  command: CommandDeclaration,
  framework: FrameworkCommandLine = {},
  settings: readonly SettingDeclaration[] = listAllSettings(framework.settings),
): string {
  const help: Row = ["-h, --help", "print this help"];
  const groups = groupSettings(command, settings);
  const options = command.argument?.completes === "training" ? listOptionRows(framework) : [];
  const sections = groups.map(
    ({ title, flags }, index) =>
      [
        title,
        [
          ...flags.map((flag): Row => [formatFlag(flag), formatHelp(flag)]),
          ...(index === groups.length - 1 ? [help] : []),
        ],
      ] as const,
  );
  const terms = Math.max(
    ...[...sections.flatMap(([, rows]) => rows), ...options].map(([term]) => term.length),
  );
  const examples = command.name === "train" ? (framework.examples ?? []) : [];
  return joinParts([
    `Usage: unitrain ${command.name} ${command.usage}`,
    toSentence(command.summary),
    ...(options.length === 0 ? [] : [formatSection("Options", options, terms)]),
    ...sections.map(([title, rows]) => formatSection(title, rows, terms)),
    formatExamples([...examples, ...command.examples]),
    ...(command.notes === undefined ? [] : [command.notes.trimEnd()]),
  ]);
}

/** Lists the options of a framework that declares them as a list. A framework with many declares a function instead, and its help does not list them. */
function listOptionRows({ options = [] }: FrameworkCommandLine): readonly Row[] {
  if (typeof options === "function") return [];
  return options.map(({ name, kind = "text", choices, help = "", default: byDefault }) => [
    `${name}=<${choices?.join("|") ?? kind.replace(/^positive-/, "")}>`,
    byDefault === undefined ? help : `${help} (default: ${byDefault})`,
  ]);
}

type Row = readonly [term: string, meaning: string];

function joinParts(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function formatSection(
  title: string,
  rows: readonly Row[],
  termWidth = Math.max(...rows.map(([term]) => term.length)),
): string {
  const lines = rows.flatMap(([term, meaning]) =>
    wrapText(meaning, width - termWidth - 4).map((text, index) =>
      `  ${(index === 0 ? term : "").padEnd(termWidth)}  ${text}`.trimEnd(),
    ),
  );
  return [`${title}:`, ...lines].join("\n");
}

function formatExamples(examples: readonly Row[]): string {
  const explained = examples.filter(([, meaning]) => meaning !== "");
  const termWidth = Math.max(0, ...explained.map(([command]) => command.length));
  const lines = examples.map(([command, meaning]) =>
    meaning === "" ? `  ${command}` : `  ${command.padEnd(termWidth)}   ${meaning}`,
  );
  return ["Examples:", ...lines].join("\n");
}

function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

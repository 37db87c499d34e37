import type { FrameworkCommandLine } from "@unitrain/core/spec";
import { CommanderError } from "commander";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { commands } from "../settings/declarations/commands.ts";
import { listAllSettings } from "../settings/list-all-settings.ts";
import { normalizeWords } from "../settings/words/normalize-words.ts";
import { declareCommands } from "./command-list.ts";

/** Parses a command line and runs its command. */
export async function readCommandLine(
  commandLine: readonly string[],
  context: CliContext,
): Promise<ExitCode> {
  const framework = await findDescribingFramework(commandLine, context.folder);
  const { words, behindDashes } = split(normalizeWords(commandLine, framework));
  const settings = listAllSettings(framework.settings);
  let exitCode: ExitCode = exitCodes.done;
  const ended = (code: ExitCode) => {
    exitCode = code;
  };
  const program = declareCommands(words, context, behindDashes, ended, settings);
  try {
    await program.parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const { createUsageError } = await import("./usage-error.ts");
    throw await createUsageError(error, { words, settings, framework }, context);
  }
}

/** Loads what the framework adds to the command line. It is loaded only for commands that it describes, and for words that are not a command. */
async function findDescribingFramework(
  words: readonly string[],
  folder: string,
): Promise<FrameworkCommandLine> {
  const command = commands.find(({ name }) => name === words[0]);
  if (command !== undefined && command.isDescribedByFramework !== true) return {};
  const { findFramework } = await import("../framework/find-framework.ts");
  return (await findFramework(words, folder)).commandLine;
}

/** Splits off the words after `ssh … --`, which are a command for the machine and not for our parser. */
function split(words: readonly string[]): {
  readonly words: readonly string[];
  readonly behindDashes: readonly string[] | undefined;
} {
  const dashes = words.indexOf("--");
  if (words[0] !== "ssh" || dashes === -1) return { words, behindDashes: undefined };
  return { words: words.slice(0, dashes), behindDashes: words.slice(dashes + 1) };
}

import type { FrameworkCommandLine } from "@unitrain/core/spec";
import { CommanderError } from "commander";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { allSettings } from "../settings/all-settings.ts";
import { commands } from "../settings/declarations/commands.ts";
import { asTyped } from "../settings/words/as-typed.ts";
import { declareCommands } from "./command-list.ts";

/** Parses a command line and runs its command. */
export async function readCommandLine(
  commandLine: readonly string[],
  context: CliContext,
): Promise<ExitCode> {
  const framework = await describingFramework(commandLine, context.folder);
  const { words, behindDashes } = split(asTyped(commandLine, framework));
  const settings = allSettings(framework.settings);
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
    const { wrongUsage } = await import("./wrong-usage.ts");
    throw await wrongUsage(error, { words, settings, framework }, context);
  }
}

/** Loads what the framework adds to the command line. It is loaded only for commands that it describes, and for words that are not a command. */
async function describingFramework(typed: readonly string[], folder: string): Promise<FrameworkCommandLine> {
  const command = commands.find(({ name }) => name === typed[0]);
  if (command !== undefined && command.isDescribedByFramework !== true) return {};
  const { typedFramework } = await import("../framework/typed-framework.ts");
  return (await typedFramework(typed, folder)).commandLine;
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

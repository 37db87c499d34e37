import { CommanderError } from "commander";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { commands } from "../settings/declarations/commands.ts";
import { asTyped } from "../settings/words/as-typed.ts";
import { declareCommands } from "./command-list.ts";

/** Parses a command line and runs its command. Bodies are imported only when they are called. */
export async function readCommandLine(
  commandLine: readonly string[],
  context: CliContext,
): Promise<ExitCode> {
  const { words, behindDashes } = split(await readTyped(commandLine, context.folder));
  let exitCode: ExitCode = exitCodes.done;
  const program = declareCommands(words, context, behindDashes, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...words], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw await (await import("./wrong-usage.ts")).wrongUsage(error, words, context);
  }
}

/** Our own words for what was typed. The framework is asked only where it has a say. */
async function readTyped(typed: readonly string[], folder: string): Promise<readonly string[]> {
  const [first = ""] = typed;
  if (commands.some(({ name }) => name === first && name !== "train" && name !== "plan")) return typed;
  const { typedFramework } = await import("../framework/typed-framework.ts");
  return asTyped(typed, (await typedFramework(typed, folder)).commandLine);
}

/** What follows `ssh … --` is a command for the machine, not for our parser. */
function split(words: readonly string[]): {
  readonly words: readonly string[];
  readonly behindDashes: readonly string[] | undefined;
} {
  const dashes = words.indexOf("--");
  if (words[0] !== "ssh" || dashes === -1) return { words, behindDashes: undefined };
  return { words: words.slice(0, dashes), behindDashes: words.slice(dashes + 1) };
}

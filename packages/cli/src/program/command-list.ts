import type { SettingDeclaration } from "@unitrain/core/spec";
import { Command } from "commander";
import type { CliContext } from "../context/cli-context.ts";
import type { ExitCode } from "../context/exit-code.ts";
import { listCommandSettings } from "../settings/declarations/command-settings.ts";
import { commands } from "../settings/declarations/commands.ts";
import type { CommandDeclaration } from "../settings/declarations/declaration.ts";
import { createOptions } from "../settings/declare-flag.ts";
import type { Flags } from "../settings/flags.ts";
import { writeText } from "../terminal/write.ts";
import { commandBodies, type ParsedArguments } from "./command-bodies.ts";

/** Creates the parser for the commands that `words` mention, or for all commands if they mention none. Help and version are printed before the parser is loaded. */
export function declareCommands(
  words: readonly string[],
  context: CliContext,
  behindDashes: ParsedArguments["behindDashes"],
  ended: (code: ExitCode) => void,
  settings: readonly SettingDeclaration[],
): Command {
  const program = emptyProgram(context);
  const called = commands.filter(({ name }) => words.includes(name));
  for (const declared of called.length === 0 ? commands : called) {
    const command = program.command(declared.name).helpOption(false);
    for (const option of listCommandSettings(declared, settings).flatMap(createOptions))
      command.addOption(option);
    if (declared.argument !== undefined) command.argument(declared.argument.form);
    command.action(async () => {
      const parsed = { words: collectWords(declared, command), flags: command.opts<Flags>(), behindDashes };
      const body = commandBodies[declared.name];
      if (body === undefined) return;
      if (declared.skipsRecoveryCheck !== true) await reportOrphans(context);
      ended(await body(parsed, context));
    });
  }
  return program;
}

/** Reports orphaned runs at the start of every command, except `gc`, which handles them itself, and commands that only print. */
async function reportOrphans(context: CliContext): Promise<void> {
  const { reportOrphanedRuns } = await import("../runs/orphaned-runs.ts");
  await reportOrphanedRuns(await (await context.engine()).runs(), context);
}

/** Returns the words of a command, or none if it takes no argument. */
function collectWords(declared: CommandDeclaration, command: Command): readonly string[] {
  return declared.argument === undefined ? [] : command.args;
}

function emptyProgram({ stdout, stderr }: CliContext): Command {
  return new Command("unitrain")
    .helpOption(false)
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => writeText(stdout, text),
      writeErr: (text) => writeText(stderr, text),
      // The caller of the parser reports errors in the form of all other errors.
      outputError: () => {},
    })
    .exitOverride();
}

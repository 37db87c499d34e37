import { type Command, type CommandResult, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "./machine/connected-machine.ts";
import { buildExec } from "./script/exec-program.ts";
import { quote } from "./script/quote.ts";
import { runScript } from "./script/run-script.ts";

/** Runs a program in the work folder, with the environment of the login shell and the command's own variables. */
export async function runCommand(
  machine: ConnectedMachine,
  command: Command,
  signal: AbortSignal,
): Promise<CommandResult> {
  const { argv, env = {}, stdin } = command;
  if (argv.length === 0 || argv[0] === "") {
    throw new UnitrainError("INVALID_OPTIONS", "Cannot run a command: it has no program.");
  }
  const script = [
    `cd -- ${quote(machine.workFolder)} || exit 120`,
    ...Object.entries(env).map(([name, value]) => exportVariable(name, value)),
    buildExec(argv),
  ].join("\n");
  return runScript(machine.shells.commands, script, { stdin, signal });
}

/** Returns a line of shell that sets and exports a variable. */
export function exportVariable(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `Invalid name of an environment variable: ${JSON.stringify(name)}.`,
      {
        hint: "Use letters, digits and underscores, and do not begin with a digit.",
      },
    );
  }
  return `${name}=${quote(value)}; export ${name}`;
}

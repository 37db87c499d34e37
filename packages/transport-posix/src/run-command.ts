import { type Command, type CommandResult, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "./machine/connected-machine.ts";
import { buildExec } from "./script/exec-program.ts";
import { quote } from "./script/quote.ts";
import { runScript } from "./script/run-script.ts";

/** Runs a program in the work folder, with the environment of the login shell and what is added to it. */
export async function runCommand(
  machine: ConnectedMachine,
  command: Command,
  signal: AbortSignal,
): Promise<CommandResult> {
  const { argv, env = {}, stdin } = command;
  if (argv.length === 0 || argv[0] === "") {
    throw new UnitrainError("INVALID_OPTIONS", "A command without a program cannot be run.");
  }
  const script = [
    `cd -- ${quote(machine.workFolder)} || exit 120`,
    ...Object.entries(env).map(([name, value]) => exportVariable(name, value)),
    buildExec(argv),
  ].join("\n");
  return runScript(machine.shells.commands, script, { stdin, signal });
}

/** A line of shell that sets a variable for all that follows. */
export function exportVariable(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UnitrainError("INVALID_OPTIONS", `${JSON.stringify(name)} cannot be the name of a variable.`, {
      hint: "Names are made of letters, digits and underscores.",
    });
  }
  return `${name}=${quote(value)}; export ${name}`;
}

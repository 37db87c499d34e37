import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { findNearest } from "../settings/find-nearest.ts";
import { complete } from "./completion/complete.ts";
import { completionScripts } from "./completion/scripts.ts";

/** Prints the completion script that a shell evaluates when it starts. */
export async function completion(shell: string | undefined, { stdout }: CliContext): Promise<ExitCode> {
  const shells = Object.keys(completionScripts);
  const script = shell === undefined ? undefined : completionScripts[shell];
  if (script === undefined) {
    const suggestion = shell === undefined ? undefined : findNearest(shell, shells);
    throw new UnitrainError(
      "INVALID_OPTIONS",
      shell === undefined ? "No shell was named." : `There are no completions for ${shell}.`,
      {
        hint:
          suggestion === undefined
            ? `There are completions for ${shells.join(", ")}.`
            : `Did you mean ${suggestion}?`,
      },
    );
  }
  stdout.write(script);
  return exitCodes.done;
}

/** Shells put a completion into the line without quotes, so a name that means more to them than itself is not proposed. */
const typedAsItIs = /^[\p{L}\p{N}\p{M}_@%+=:,./~-]+$/u;

/** Prints the completions of a command line for the shell. Errors are ignored, because they would disturb the person who types. */
export async function completeLine(line: string, context: CliContext): Promise<ExitCode> {
  const words = await complete(line, context).catch(() => []);
  context.stdout.write(
    words
      .filter((word) => typedAsItIs.test(word))
      .map((word) => `${word}\n`)
      .join(""),
  );
  return exitCodes.done;
}

import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { named } from "../runs/find-run.ts";
import type { Flags } from "../settings/flags.ts";

/** Gets a person onto a run's machine by the ssh program, or prints how. Ends as that program does. */
export async function ssh(
  name: string | undefined,
  command: readonly string[] | undefined,
  { forward = [], print = false, json = false }: Flags,
  { engine, stdout, run }: CliContext,
): Promise<ExitCode> {
  const runs = await (await engine()).runs();
  const access = await named(runs, name, () => runs.access(name));
  const line = [
    ...access.argv,
    ...forward.flatMap((port) => ["-L", port]),
    access.target,
    ...(command ?? []),
  ];
  if (print || json) {
    stdout.write(json ? `${JSON.stringify({ ...access, command: line })}\n` : `${shellLine(line)}\n`);
    return exitCodes.done;
  }
  return await run(line);
}

/** To be pasted into a POSIX shell, whatever is in the words. */
function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

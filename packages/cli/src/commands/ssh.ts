import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { withCurrentName } from "../runs/find-run.ts";
import type { Flags } from "../settings/flags.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

/** Connects to the machine of a run with the ssh program and returns its exit code, or prints the command. */
export async function ssh(
  name: string | undefined,
  command: readonly string[] | undefined,
  { forward = [], print = false, json = false }: Flags,
  { engine, stdout, run }: CliContext,
): Promise<ExitCode> {
  const runs = await (await engine()).runs();
  const access = await withCurrentName(runs, name, () => runs.access(name));
  const line = [
    ...access.argv,
    ...forward.flatMap((port) => ["-L", port]),
    access.target,
    ...(command ?? []),
  ];
  if (print || json) {
    if (json) writeJson(stdout, { ...access, command: line });
    else writeLines(stdout, [shellLine(line)]);
    return exitCodes.done;
  }
  return await run(line);
}

/** Quotes words for a POSIX shell. */
function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

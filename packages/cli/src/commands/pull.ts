import { type ExitCode, exitCodes } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import type { Flags } from "../flags.ts";
import { pullFiles } from "../pull-files.ts";
import { clean, cleanAll } from "../render/clean.ts";
import { size } from "../render/figures.ts";
import { painted, styled } from "../render/line.ts";
import { shortPath } from "../render/short-path.ts";
import type { Surroundings } from "../surroundings.ts";

/** Brings home what is there by now, and prints where it lies; the training goes on. */
export async function pull(
  name: string | undefined,
  { json }: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { stdout, stderr, folder } = surroundings;
  const runs = await (await surroundings.engine()).runs();
  const found = await findRun(runs, name);
  const files = await pullFiles(runs, found);
  if (json === true) stdout.write(`${JSON.stringify(files, null, 2)}\n`);
  else if (files.length === 0) stderr.write(`Nothing of ${clean(found.name)} can be brought home.\n`);
  else {
    const rows = cleanAll(files).map((file) => {
      const path = shortPath(file.localPath, folder);
      return [file.role === "model" ? styled("bold", path) : path, `   ${size(file.sizeBytes)}`];
    });
    if (!files.some(({ role }) => role === "model")) stderr.write("There is no model yet.\n");
    for (const line of painted(rows, stdout)) stdout.write(`${line}\n`);
  }
  return exitCodes.done;
}

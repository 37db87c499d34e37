import type { RunSummary } from "@unitrain/core";
import { formatBytes } from "@unitrain/view";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { attachTo, findRun } from "../runs/find-run.ts";
import { pullFiles } from "../runs/pull-files.ts";
import type { Flags } from "../settings/flags.ts";
import { describeDriverProcess } from "../terminal/render/driver-name.ts";
import { styled } from "../terminal/render/line.ts";
import { shortenPath } from "../terminal/render/short-path.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

/** Downloads the files that exist so far and prints their paths, while the training continues. If the run is over, prints where its results are. */
export async function pull(
  name: string | undefined,
  { json, input }: Flags,
  context: CliContext,
): Promise<ExitCode> {
  const { stdout, stderr, folder } = context;
  const runs = await (await context.engine()).runs();
  const found = await findRun(runs, name);
  if (found.state === "active") {
    const driver = describeDriverProcess(found.controller, found.guarded === true);
    writeLines(stderr, [
      `${found.name} is driven by ${driver}, which downloads what exists so far and continues the training.`,
    ]);
  }
  const files = await pullFiles(found, () => attachTo(runs, found, context, input !== false));
  if (json === true) writeJson(stdout, files, 2);
  else if (files.length === 0) writeLines(stderr, [nothingText(found)]);
  else {
    if (found.state === "over") writeLines(stderr, [overText(found, folder)]);
    const rows = files.map((file) => {
      const path = shortenPath(file.localPath, folder);
      return [file.role === "model" ? styled("bold", path) : path, `   ${formatBytes(file.sizeBytes)}`];
    });
    if (!files.some(({ role }) => role === "model"))
      writeLines(stderr, [found.state === "over" ? "None of them is a model." : "There is no model yet."]);
    writeLines(stdout, rows);
  }
  return exitCodes.done;
}

function overText({ name, outcome, out }: RunSummary, folder: string): string {
  return `${name} is over (${outcome}); its results are in ${shortenPath(out, folder)}:`;
}

function nothingText({ name, state, outcome }: RunSummary): string {
  return state === "over"
    ? `${name} is over (${outcome}), and nothing was downloaded. To see why: unitrain attach ${name}`
    : `${name} has nothing to download yet.`;
}

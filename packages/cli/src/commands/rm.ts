import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes, getExitCode } from "../context/exit-code.ts";
import { withCurrentName } from "../runs/find-run.ts";
import type { Flags } from "../settings/flags.ts";
import { createErrorReport } from "../terminal/render/error.ts";
import { reportError } from "../terminal/report-error.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

/** Removes the records of runs one by one, so that a record that is still needed does not prevent the removal of the others. */
export async function rm(names: readonly string[], { json }: Flags, context: CliContext): Promise<ExitCode> {
  if (names.length === 0) {
    throw new UnitrainError("INVALID_OPTIONS", "No run was named.", {
      hint: "Name one or more runs: unitrain rm swift-otter. `unitrain runs` lists them.",
    });
  }
  const runs = await (await context.engine()).runs();
  const removed: { readonly id: string; readonly name: string; readonly out: string }[] = [];
  let exitCode: ExitCode = exitCodes.done;
  for (const name of new Set(names)) {
    try {
      const run = await withCurrentName(runs, name, () => runs.remove(name));
      removed.push(run);
      if (json !== true)
        writeLines(context.stdout, [`${run.name} is removed; its downloaded files stay in ${run.out}`]);
    } catch (error) {
      const report = createErrorReport(error);
      reportError(report, error, context, json === true);
      exitCode = getExitCode({ error: report });
    }
  }
  if (json === true) writeJson(context.stdout, { removed }, 2);
  return exitCode;
}

import { emit, type Reporter } from "../../../journal/reporter.ts";
import type { Action, FileNotDownloaded, JobInput } from "../../../spec/index.ts";
import type { DownloadingRun } from "./active-download.ts";
import { describeNotDownloaded } from "./plan-download.ts";

/** How long `clean` keeps output that was not downloaded. */
const keptDays = 30;

/** Warns which files were not downloaded, why, and what happens to them, so that no output is removed without notice. */
export async function reportNotDownloaded(
  run: Reporter & Pick<DownloadingRun, "provider">,
  job: JobInput,
  notDownloaded: readonly FileNotDownloaded[],
  newest: string | undefined,
  purpose: "end" | "pull",
): Promise<void> {
  for (const [reason, files] of groupByReason(notDownloaded)) {
    await emit(run, {
      type: "warning",
      phase: "download",
      message: `Not downloaded, because ${reason}: ${describeNotDownloaded(files, newest)}`,
      ...createAdvice(run, job, purpose),
    });
  }
}

type Advice = { readonly hint: string; readonly action?: Action };

function createAdvice(run: Pick<DownloadingRun, "provider">, job: JobInput, purpose: "end" | "pull"): Advice {
  if (purpose === "pull") return { hint: "They are downloaded at the end of the run if possible." };
  if (run.provider.ownership === "rented")
    return {
      hint: "They are lost when the machine is released. Allow more output next time.",
      action: { type: "set", option: "maxOutputBytes" },
    };
  return {
    hint: `They stay on the machine in ${job.output} for at least ${keptDays} days. Remove them later.`,
    action: { type: "clean" },
  };
}

/** Groups files by reason. Further reasons are combined into one, to limit the number of warnings. */
function groupByReason(
  notDownloaded: readonly FileNotDownloaded[],
): ReadonlyMap<string, readonly FileNotDownloaded[]> {
  const reasons = new Map<string, FileNotDownloaded[]>();
  for (const file of notDownloaded) {
    const key = reasons.has(file.reason) || reasons.size < mostReasons ? file.reason : "of other errors";
    const files = reasons.get(key);
    if (files === undefined) reasons.set(key, [file]);
    else files.push(file);
  }
  return reasons;
}

const mostReasons = 5;

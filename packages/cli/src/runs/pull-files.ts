import { setTimeout } from "node:timers/promises";
import type { Run, RunSummary, SavedFile } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";

/** Returns the downloaded files of a run that is over. For a run that is not over, downloads the files that exist so far. */
export async function pullFiles(
  found: RunSummary,
  attach: () => Promise<Run>,
): Promise<readonly SavedFile[]> {
  if (found.state === "interrupted") {
    throw new UnitrainError(
      "NOT_AVAILABLE",
      `${found.name} has nothing to download: its training has not begun.`,
      {
        hint: `To continue it: unitrain attach ${found.name}`,
      },
    );
  }
  const run = await attach();
  try {
    if (run.role === "follower") return await run.pull();
    if (await endsSoon(run)) return (await run.result).artifacts;
    const files = await run.pull();
    await run.detach();
    return files;
  } finally {
    await leave(run);
  }
}

/** Waits a moment, and returns whether the job has already ended. If so, the run is completed instead. */
async function endsSoon(run: Run): Promise<boolean> {
  const ended = (async () => {
    for await (const event of run.events)
      if (event.type === "job" && event.state !== "started" && event.state !== "reattached") return true;
    return true;
  })();
  return Promise.race([ended, setTimeout(noticedWithinMs, false)]);
}

const noticedWithinMs = 3_000;

/** Leaves a run. A controller detaches, because disposing of the run would stop its training. */
async function leave(run: Run): Promise<void> {
  if (run.role === "follower") await run[Symbol.asyncDispose]();
  else await run.detach();
}

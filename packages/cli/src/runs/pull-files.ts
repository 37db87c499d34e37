import { setTimeout } from "node:timers/promises";
import type { Run, RunSummary, Runs, SavedFile } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";

/** What was downloaded of a run that is over; of one that nobody follows, what can be downloaded by now. */
export async function pullFiles(runs: Runs, found: RunSummary): Promise<readonly SavedFile[]> {
  if (found.state === "interrupted") {
    throw new UnitrainError(
      "NOT_AVAILABLE",
      `The training of ${found.name} has not begun: there is nothing to download.`,
      {
        hint: `unitrain attach ${found.name} goes on with it.`,
      },
    );
  }
  const run = await runs.attach(found.id);
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

/** A job that ended while nobody looked is noticed within moments: then all of the run is brought to its end instead. */
async function endsSoon(run: Run): Promise<boolean> {
  const ended = (async () => {
    for await (const event of run.events)
      if (event.type === "job" && event.state !== "started" && event.state !== "reattached") return true;
    return true;
  })();
  return Promise.race([ended, setTimeout(noticedWithinMs, false)]);
}

const noticedWithinMs = 3_000;

/** Never by disposing of it: that would stop the training of a run that only was to be looked at. */
async function leave(run: Run): Promise<void> {
  if (run.role === "follower") await run[Symbol.asyncDispose]();
  else await run.detach();
}

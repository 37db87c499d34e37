import type { FollowPart } from "@unitrain/core/spec";
import type { Reached } from "../machine/reached.ts";
import { cancelled, lost } from "../script/failures.ts";
import { inFolder, openScript } from "../script/open-script.ts";
import { collect } from "../script/run-script.ts";
import { type FollowFrame, followFrames } from "./follow-frames.ts";
import { followScript } from "./follow-script.ts";
import { jobFolder } from "./job-files.ts";

/** Heartbeats come every two seconds or so; a machine under load may be late. */
const patienceMs = 30_000;

/**
 * One loop on the machine for the whole life of the job. Leaving the iteration ends that loop; a line that says nothing for
 * `silenceMs` is lost.
 */
export async function* followJob(
  reached: Reached,
  jobId: string,
  offset: number,
  signal: AbortSignal,
  silenceMs: number = patienceMs,
): AsyncGenerator<FollowPart> {
  const script = inFolder(reached.workFolder, followScript(jobFolder(reached, jobId), offset));
  const running = await openScript(reached.executor, script, { signal });
  const said = collect(running.stderr);
  said.catch(() => {});
  const frames = followFrames(running.stdout);
  let over = false;
  try {
    while (true) {
      const next = await heard(frames.next(), silenceMs, signal);
      if (next.done) break;
      if (next.value.kind === "end") over = true;
      else if (next.value.kind !== "heartbeat") yield next.value;
    }
    // Of a stream that was cut, this rejects with why.
    await running.exitCode;
    if (!over) throw lost("Following the job ended before the job did", await said);
  } finally {
    running.end();
  }
}

/** Only while we wait for it a line can be silent: whoever takes long over a part is not the machine's fault. */
async function heard(
  next: Promise<IteratorResult<FollowFrame>>,
  silenceMs: number,
  signal: AbortSignal,
): Promise<IteratorResult<FollowFrame>> {
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};
  const silence = new Promise<never>((_resolve, reject) => {
    stop = () => reject(cancelled(signal));
    timer = setTimeout(
      () => reject(lost(`Nothing was heard from the machine for ${Math.round(silenceMs / 1000)} s`)),
      silenceMs,
    );
    signal.addEventListener("abort", stop, { once: true });
  });
  next.catch(() => {});
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

import type { CallContext, FollowPart } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { lost } from "../script/failures.ts";
import { heard } from "../script/heard.ts";
import { inFolder } from "../script/open-script.ts";
import { collect } from "../script/run-script.ts";
import { followFrames } from "./follow-frames.ts";
import { followScript } from "./follow-script.ts";
import { jobFolder } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { watchQueue } from "./watch-queue.ts";

/** Heartbeats come every two seconds or so; a machine under load may be late. */
const patienceMs = 30_000;

/**
 * One loop on the machine for the whole life of the job. Leaving the iteration ends that loop; a line that says nothing for
 * `silenceMs` is lost.
 */
export async function* followJob(
  machine: ConnectedMachine,
  jobId: string,
  offset: number,
  launchers: readonly JobLauncher[],
  { signal, showStatus }: Pick<CallContext, "signal" | "showStatus">,
  silenceMs: number = patienceMs,
): AsyncGenerator<FollowPart> {
  const script = inFolder(machine.workFolder, followScript(jobFolder(machine, jobId), offset));
  const running = await machine.shells.dedicated.open(script, { signal });
  const errorOutput = collect(running.stderr);
  errorOutput.catch(() => {});
  let isOver = false;
  let wasNeverStarted = false;
  const watch = watchQueue(machine, jobId, launchers, {
    showStatus,
    wasNeverStarted() {
      wasNeverStarted = true;
      running.end();
    },
  });
  try {
    for await (const frame of heard(followFrames(running.stdout), silenceMs, signal)) {
      if (frame.kind === "end") isOver = true;
      else if (frame.kind !== "heartbeat") yield frame;
    }
    // Of a stream that was cut, this rejects with why.
    await running.exitCode;
    if (!isOver) throw lost("Following the job ended before the job did", await errorOutput);
  } catch (error) {
    if (!wasNeverStarted) throw error;
  } finally {
    watch.end();
    running.end();
  }
}

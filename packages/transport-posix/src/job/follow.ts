import type { CallContext, FollowPart } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { connectionLostError } from "../script/failures.ts";
import { withWorkFolder } from "../script/open-script.ts";
import { collect } from "../script/run-script.ts";
import { withSilenceTimeout } from "../script/silence-timeout.ts";
import { readFollowFrames } from "./follow-frames.ts";
import { buildFollowScript } from "./follow-script.ts";
import { getJobFolder } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { watchQueue } from "./watch-queue.ts";

/** Heartbeats arrive about every two seconds; a machine under load may be late. */
const defaultSilenceMs = 30_000;

/**
 * Follows a job with one loop on the machine until the job ends. Leaving the iteration ends that loop. Throws `CONNECTION_LOST`
 * when nothing arrives for `silenceMs`.
 */
export async function* followJob(
  machine: ConnectedMachine,
  jobId: string,
  offset: number,
  launchers: readonly JobLauncher[],
  { signal, showStatus }: Pick<CallContext, "signal" | "showStatus">,
  silenceMs: number = defaultSilenceMs,
): AsyncGenerator<FollowPart> {
  const script = withWorkFolder(machine.workFolder, buildFollowScript(getJobFolder(machine, jobId), offset));
  const running = await machine.shells.dedicated.open(script, { signal });
  const errorOutput = collect(running.stderr);
  errorOutput.catch(() => {});
  let hasEnded = false;
  let wasNeverStarted = false;
  const queueWatch = watchQueue(machine, jobId, launchers, {
    showStatus,
    wasNeverStarted() {
      wasNeverStarted = true;
      running.cancel();
    },
  });
  try {
    for await (const frame of withSilenceTimeout(readFollowFrames(running.stdout), silenceMs, signal)) {
      if (frame.kind === "end") hasEnded = true;
      else if (frame.kind !== "heartbeat") yield frame;
    }
    // Rejects with the reason when the stream was cut off.
    await running.exitCode;
    if (!hasEnded) throw connectionLostError("Following the job ended before the job did", await errorOutput);
  } catch (error) {
    if (!wasNeverStarted) throw error;
  } finally {
    queueWatch.cancel();
    running.cancel();
  }
}

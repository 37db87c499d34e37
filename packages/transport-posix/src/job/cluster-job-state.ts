import type { ClusterEnding, JobState } from "@unitrain/core/spec";
import { quote } from "../script/quote.ts";
import type { JobLauncher, LauncherState, Shell } from "./launcher.ts";
import { type JobFiles, readJobFiles } from "./read-job-files.ts";

const defaultFilesDelayMs = 60_000;
/** How often, once a second, a launcher is asked again that still reports a job as running which has ended. */
const maxEndPolls = 10;

/**
 * Returns the state of a job that other computers run. An exit code in its files always counts; otherwise its launcher is asked. Why
 * a job ended is recorded in its folder, because launchers forget ended jobs.
 */
export async function getClusterJobState(
  shell: Shell,
  { jobId, folder }: { readonly jobId: string; readonly folder: string },
  files: JobFiles,
  launchers: readonly JobLauncher[],
): Promise<JobState> {
  if (isSettled(files)) return toJobState(files, undefined);
  const launcher = launchers.find(({ name }) => name === files.clusterLauncher);
  if (launcher?.getState === undefined) {
    return toJobState(files, {
      state: "unknown",
      detail: `this transport has no launcher ${files.clusterLauncher}`,
    });
  }
  const launched = { jobId, folder, reference: files.reference, hasExited: files.verdict === "ended" };
  let reported = await launcher.getState(shell, launched);
  for (let polls = 0; launched.hasExited && reported.state === "running" && polls < maxEndPolls; polls += 1) {
    await shell.run("sleep 1");
    reported = await launcher.getState(shell, launched);
  }
  if (reported.state !== "ended" && reported.state !== "absent") return toJobState(files, reported);
  if (reported.state === "absent") {
    // The job may have ended between the two checks.
    const latest = await readJobFiles(shell, jobId, folder);
    if (latest.verdict === "ended") return toJobState(latest, reported);
    if (!latest.isClaimed && latest.reference === undefined) return { state: "never-started" };
  }
  const delayMs = launcher.filesDelayMs ?? defaultFilesDelayMs;
  await shell.run(buildRecordEndingScript(folder, toClusterEnding(reported, launcher.name), delayMs));
  return toJobState(await readJobFiles(shell, jobId, folder), reported);
}

/** Whether the files tell everything, so that the launcher need not be asked. */
function isSettled({ verdict, exitCode, ending }: JobFiles): boolean {
  return ending !== undefined || (verdict === "ended" && exitCode === 0);
}

function toJobState(files: JobFiles, reported: LauncherState | undefined): JobState {
  const { verdict, exitCode, logBytes, isClaimed, ending, clusterLauncher } = files;
  if (verdict === "ended") {
    const cause = ending === undefined || ending.reason === "other" ? {} : { ending };
    return { state: "ended", exitCode, logBytes, ...cause };
  }
  if (ending !== undefined) {
    const detail = `${clusterLauncher} ended the job: ${ending.detail}`;
    if (verdict === "lost") return { state: "lost", detail, logBytes, ending };
    return { state: "unknown", detail: `${detail}; its exit code may still arrive` };
  }
  if (reported?.state === "queued") {
    const { reason = "no reason given" } = reported.queue;
    return {
      state: "waiting",
      detail: `in the queue of ${clusterLauncher} (${reason})`,
      queue: reported.queue,
    };
  }
  if (reported?.state === "running") {
    const { nodes } = reported;
    if (isClaimed) return { state: "running", logBytes, nodes };
    return { state: "waiting", detail: `${clusterLauncher} is starting the job on ${nodes.join(", ")}` };
  }
  return {
    state: "unknown",
    detail: reported?.state === "unknown" ? reported.detail : `${clusterLauncher} was not asked`,
  };
}

function toClusterEnding(reported: LauncherState, launcher: string): ClusterEnding {
  if (reported.state === "ended") return reported.ending;
  return { reason: "other", detail: `${launcher} no longer has the job, and there is no exit code` };
}

/**
 * Builds a script that records why a job ended. It claims the job, so that a job that counts as ended cannot begin later; for a job
 * that had not begun, no exit code is awaited.
 */
function buildRecordEndingScript(folder: string, { reason, detail }: ClusterEnding, delayMs: number): string {
  return `
cd -- ${quote(folder)} || exit 0
umask 077
until=$(date +%s)
mkdir claim 2>/dev/null || until=$((until + ${Math.ceil(delayMs / 1000)}))
printf '%s\\n' ${quote(reason)} ${quote(detail.replaceAll("\n", " "))} "$until" > ending.new && mv -f ending.new ending
`;
}

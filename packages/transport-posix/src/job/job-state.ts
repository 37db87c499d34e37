import type { JobState } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { getClusterJobState } from "./cluster-job-state.ts";
import { getJobFolder } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { readJobFiles } from "./read-job-files.ts";
import { createShell } from "./shell.ts";

/** Returns the state of a job from its files, and from its launcher when other computers run the job. */
export async function getJobState(
  machine: ConnectedMachine,
  jobId: string,
  launchers: readonly JobLauncher[],
  signal: AbortSignal,
): Promise<JobState> {
  const shell = createShell(machine, signal);
  const folder = getJobFolder(machine, jobId);
  const files = await readJobFiles(shell, jobId, folder);
  if (files.clusterLauncher !== undefined)
    return getClusterJobState(shell, { jobId, folder }, files, launchers);
  const { verdict, exitCode, detail, logBytes } = files;
  if (verdict === "running") return { state: "running", logBytes };
  if (verdict === "ended") return { state: "ended", exitCode, logBytes };
  if (verdict === "lost" || verdict === "rebooted") return { state: verdict, detail, logBytes };
  return { state: "never-started" };
}

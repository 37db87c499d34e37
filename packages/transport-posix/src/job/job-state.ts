import type { JobState } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { jobFolder } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { stateElsewhere } from "./look-elsewhere.ts";
import { readJobFiles } from "./read-job-files.ts";
import { shellOf } from "./shell.ts";

/** Where a job stands: by its files, and by its launcher where that runs jobs elsewhere. */
export async function getJobState(
  machine: ConnectedMachine,
  jobId: string,
  launchers: readonly JobLauncher[],
  signal: AbortSignal,
): Promise<JobState> {
  const shell = shellOf(machine, signal);
  const folder = jobFolder(machine, jobId);
  const files = await readJobFiles(shell, jobId, folder);
  if (files.elsewhere !== undefined) return stateElsewhere(shell, { jobId, folder }, files, launchers);
  const { verdict, exitCode, detail, logBytes } = files;
  if (verdict === "running") return { state: "running", logBytes };
  if (verdict === "ended") return { state: "ended", exitCode, logBytes };
  if (verdict === "lost" || verdict === "rebooted") return { state: verdict, detail, logBytes };
  return { state: "never-started" };
}

import { type MachineFacts, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { getMachineFacts } from "../machine/facts.ts";
import { getJobFolder } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { readJobFiles } from "./read-job-files.ts";
import { createShell } from "./shell.ts";

/** Reads the facts of the computer that runs a job: of the machine itself, or of the first node of its allocation. */
export async function getJobFacts(
  machine: ConnectedMachine,
  jobId: string,
  launchers: readonly JobLauncher[],
  signal: AbortSignal,
): Promise<MachineFacts> {
  const shell = createShell(machine, signal);
  const folder = getJobFolder(machine, jobId);
  const { clusterLauncher, reference } = await readJobFiles(shell, jobId, folder);
  if (clusterLauncher === undefined) return getMachineFacts(machine, shell);
  const launcher = launchers.find(({ name }) => name === clusterLauncher);
  if (launcher?.shellInside !== undefined) {
    return getMachineFacts(machine, launcher.shellInside(shell, { jobId, folder, reference }));
  }
  throw new UnitrainError(
    "NOT_READY",
    `Cannot read the facts of the node that runs job ${jobId}: the launcher ${clusterLauncher} cannot reach its nodes.`,
    {
      hint: `Use a transport whose launcher ${clusterLauncher} has shellInside.`,
    },
  );
}

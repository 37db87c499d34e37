import { type MachineFacts, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { facts } from "../machine/facts.ts";
import { jobFolder } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { readJobFiles } from "./read-job-files.ts";
import { shellOf } from "./shell.ts";

/** Facts about the computer that runs a job, asked there: of the machine itself, or of the first node of an allocation. */
export async function jobFacts(
  machine: ConnectedMachine,
  jobId: string,
  launchers: readonly JobLauncher[],
  signal: AbortSignal,
): Promise<MachineFacts> {
  const shell = shellOf(machine, signal);
  const folder = jobFolder(machine, jobId);
  const { elsewhere, reference } = await readJobFiles(shell, jobId, folder);
  if (elsewhere === undefined) return facts(machine, shell);
  const launcher = launchers.find(({ name }) => name === elsewhere);
  if (launcher?.shellInside !== undefined) {
    return facts(machine, launcher.shellInside(shell, { jobId, folder, reference }));
  }
  throw new UnitrainError(
    "NOT_READY",
    `The node that runs job ${jobId} cannot be asked: ${elsewhere} has no way.`,
    {
      hint: `Use a transport whose launcher ${elsewhere} reaches its nodes.`,
    },
  );
}

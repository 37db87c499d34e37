import { type MachineFacts, UnitrainError } from "@unitrain/core/spec";
import { facts } from "../machine/facts.ts";
import type { Reached } from "../machine/reached.ts";
import { jobFolder } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { readJobFiles } from "./read-job-files.ts";
import { shellOf } from "./shell.ts";

/** Facts about the computer that runs a job, asked there: of the machine itself, or of the first node of an allocation. */
export async function jobFacts(
  reached: Reached,
  jobId: string,
  launchers: readonly JobLauncher[],
  signal: AbortSignal,
): Promise<MachineFacts> {
  const shell = shellOf(reached, signal);
  const folder = jobFolder(reached, jobId);
  const { elsewhere, reference } = await readJobFiles(shell, jobId, folder);
  if (elsewhere === undefined) return facts(reached, shell);
  const launcher = launchers.find(({ name }) => name === elsewhere);
  if (launcher?.shellInside !== undefined) {
    return facts(reached, launcher.shellInside(shell, { jobId, folder, reference }));
  }
  throw new UnitrainError(
    "NOT_READY",
    `The node that runs job ${jobId} cannot be asked: ${elsewhere} has no way.`,
    {
      hint: `Use a transport whose launcher ${elsewhere} reaches its nodes.`,
    },
  );
}

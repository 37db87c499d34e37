import type { ClusterEnding } from "@unitrain/core/spec";
import { commandFailedError } from "../script/failures.ts";
import { buildEnterJobScript, jobFilesScript } from "./job-files.ts";
import type { Shell } from "./launcher.ts";
import { processesScript } from "./processes-script.ts";

/** What the files of a job say about it. */
export interface JobFiles {
  readonly verdict: string;
  readonly exitCode: number;
  readonly logBytes: number;
  readonly detail: string;
  /** A wrapper runs the job, or has run it. */
  readonly isClaimed: boolean;
  /** Name of the launcher when it runs jobs on other computers. */
  readonly clusterLauncher?: string;
  readonly reference?: string;
  /** Why the job ended, as the launcher said before. */
  readonly ending?: ClusterEnding;
}

export async function readJobFiles(shell: Shell, jobId: string, folder: string): Promise<JobFiles> {
  const { exitCode, stdout, stderr } = await shell.run(buildReadJobFilesScript(folder));
  if (exitCode !== 0) throw commandFailedError(`read the files of job ${jobId}`, exitCode, stderr);
  const [verdict = "", code, log, detail = "", claim, reason, endingDetail = "", launcher, reference, where] =
    stdout.split("\n");
  return {
    verdict,
    exitCode: Number(code),
    logBytes: Number(log),
    detail,
    isClaimed: claim === "claimed",
    ...(where === "elsewhere" && launcher !== undefined ? { clusterLauncher: launcher } : {}),
    ...(reference ? { reference } : {}),
    ...(reason ? { ending: { reason: reason as ClusterEnding["reason"], detail: endingDetail } } : {}),
  };
}

function buildReadJobFilesScript(folder: string): string {
  return `
${buildEnterJobScript(folder, "echo never-started; exit 0")}
${processesScript}
${jobFilesScript}
read_verdict
is_exit_code_overdue
claim=''
[ -d claim ] && claim=claimed
printf '%s\\n' "$verdict" "$code" "$(size_of log)" "$detail" "$claim" "$reason" "$ending_detail"
[ -s launcher ] && cat launcher
exit 0
`;
}

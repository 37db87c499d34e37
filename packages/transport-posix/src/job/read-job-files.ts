import type { ClusterEnding } from "@unitrain/core/spec";
import { commandFailedError } from "../script/failures.ts";
import { buildEnterJobScript, jobFilesScript } from "./job-files.ts";
import type { Shell } from "./launcher.ts";
import { processesScript } from "./processes-script.ts";

/** What the files of a job tell about it. */
export interface JobFiles {
  readonly verdict: string;
  readonly exitCode: number;
  readonly logBytes: number;
  readonly detail: string;
  /** A wrapper runs it, or has run it. */
  readonly isClaimed: boolean;
  /** The name of its launcher, where that runs jobs on other computers. */
  readonly clusterLauncher?: string;
  readonly reference?: string;
  /** As a launcher told it before. */
  readonly ending?: ClusterEnding;
}

export async function readJobFiles(shell: Shell, jobId: string, folder: string): Promise<JobFiles> {
  const { exitCode, stdout, stderr } = await shell.run(buildReadJobFilesScript(folder));
  if (exitCode !== 0) throw commandFailedError(`look at job ${jobId}`, exitCode, stderr);
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
look_at_job
is_given_up
claim=''
[ -d claim ] && claim=claimed
printf '%s\\n' "$verdict" "$code" "$(size_of log)" "$detail" "$claim" "$reason" "$words"
[ -s launcher ] && cat launcher
exit 0
`;
}

import type { JobState } from "@unitrain/core/spec";
import type { Reached } from "../machine/reached.ts";
import { commandFailed } from "../script/failures.ts";
import { enterJobScript, jobFilesScript, jobFolder } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { processesScript } from "./processes-script.ts";
import { shellOf } from "./shell.ts";

/** Where a job stands, by its files; only of one that has not begun the launcher is asked. */
export async function lookAtJob(
  reached: Reached,
  jobId: string,
  launchers: readonly JobLauncher[],
  signal: AbortSignal,
): Promise<JobState> {
  const shell = shellOf(reached, signal);
  const { exitCode, stdout, stderr } = await shell.run(lookScript(jobFolder(reached, jobId)));
  if (exitCode !== 0) throw commandFailed(`look at job ${jobId}`, exitCode, stderr);
  const [verdict, code, log, detail = "", launcher, reference] = stdout.split("\n");
  const logBytes = Number(log);
  if (verdict === "running") return { state: "running", logBytes };
  if (verdict === "ended") return { state: "ended", exitCode: Number(code), logBytes };
  if (verdict === "lost" || verdict === "rebooted") return { state: verdict, detail, logBytes };
  const asked = launchers.find(({ name }) => name === launcher);
  if (asked?.look === undefined || reference === undefined) return { state: "never-started" };
  const waits = (await asked.look(shell, reference)) !== "gone";
  return waits ? { state: "waiting", detail: `${asked.name} ${reference}` } : { state: "never-started" };
}

function lookScript(folder: string): string {
  return `
${enterJobScript(folder, "echo never-started; exit 0")}
${processesScript}
${jobFilesScript}
look_at_job
printf '%s\\n' "$verdict" "$code" "$(size_of log)" "$detail"
[ "$verdict" = unclaimed ] && cat launcher 2>/dev/null
exit 0
`;
}

import type { Job } from "@unitrain/core/spec";
import { exportVariable } from "../run-command.ts";
import { buildExec } from "../script/exec-program.ts";
import { quote, quoteAll } from "../script/quote.ts";
import { jobFilesScript } from "./job-files.ts";
import { processesScript } from "./processes-script.ts";
import { buildWrapperScript } from "./wrapper-script.ts";

/** Exit codes of {@link buildPrepareJobScript}. */
export const cannotCreate = { folder: 20, workingFolder: 21 } as const;

/**
 * Builds a script that writes the files that the wrapper needs. Environment and secrets of the job arrive over standard input, and
 * stay in a file that only its user can read until the job reads it. Prints `claimed` when the job was started before.
 */
export function buildPrepareJobScript(workFolder: string, job: Job, mark: string): string {
  const folder = `${workFolder}/jobs/${job.id}`;
  const startFolder = `${folder}/start-${mark}`;
  const endMarker = `END_${mark}`;
  const allocation = `${folder}/allocation`;
  return `
unset TMUX TMUX_PANE STY UNITRAIN_JOB UNITRAIN_JOB_MARK
environment=$(export -p)
mask=$(umask)
LC_ALL=C; export LC_ALL
umask 077
# Not every shell reports a full disk, so the free space is printed as well.
fail() {
  # A wrapper that claimed the job meanwhile has removed the files of this attempt.
  if [ -d ${quote(`${folder}/claim`)} ]; then echo claimed; exit 0; fi
  echo "free $(df -Pk . 2>/dev/null | awk 'END { print $4 }')"
  exit "$1"
}
if [ -d ${quote(`${folder}/claim`)} ]; then cat > /dev/null; echo claimed; exit 0; fi
cd -- ${quote(workFolder)} || fail ${cannotCreate.folder}
(umask "$mask"; mkdir -p -- ${quote(job.cwd)}) || fail ${cannotCreate.workingFolder}
mkdir -p -- ${quote(startFolder)} && cd -- ${quote(folder)} || fail ${cannotCreate.folder}
printf 'set -- %s\\n' ${quote(quoteAll(job.watch))} > watch &&
cat > ${quote(`${startFolder}/wrapper`)} <<'${endMarker}' || fail ${cannotCreate.folder}
${buildWrapperScript(folder, mark)}
${endMarker}
{
cat <<'${endMarker}' && printf '%s\\n' "$environment" ${quote(`[ ! -r ${quote(allocation)} ] || . ${quote(allocation)}`)} "umask $mask" && cat
rm -f -- "$0"
${processesScript}
printf '%s %s\\n' "$$" "$(started_at $$)" > ${quote(`${folder}/child`)}
${endMarker}
} > ${quote(`${startFolder}/child`)} || fail ${cannotCreate.folder}
echo ready
`;
}

/** Builds the job's environment, secrets and command as shell lines. They go over standard input and are never part of a command line. */
export function buildJobInput(job: Job, secrets: Readonly<Record<string, string>>, mark: string): Uint8Array {
  const lines = [
    ...Object.entries({ ...job.env, ...secrets }).map(([name, value]) => exportVariable(name, value)),
    exportVariable("UNITRAIN_JOB", job.id),
    exportVariable("UNITRAIN_JOB_MARK", mark),
    `cd -- ${quote(job.cwd)} || exit 126`,
    "unset OLDPWD",
    buildExec(job.argv),
    "",
  ];
  return Buffer.from(lines.join("\n"), "utf8");
}

/** Builds a script that waits until a wrapper has claimed the job. Prints the verdict, and the end of the log when there is none. */
export function buildAwaitClaimScript(
  folder: string,
  launcher: string,
  reference: string,
  timeoutMs: number,
): string {
  return `
cd -- ${quote(folder)} || exit ${cannotCreate.folder}
${processesScript}
${jobFilesScript}
umask 077
printf '%s\\n' ${quote(launcher)} ${quote(reference)} > launcher
turns=0
while :; do
  read_verdict
  [ "$verdict" = unclaimed ] && [ $turns -lt ${Math.ceil(timeoutMs / 100)} ] || break
  nap; turns=$((turns + 1))
done
[ -s state ] || read_exit_code exit || verdict=none
echo "$verdict"
[ "$verdict" = none ] && tail -n 3 log 2>/dev/null
exit 0
`;
}

/**
 * Builds a script that records the launcher of a job. It runs before a queue is asked, without a reference, so that the job is looked
 * for in that queue when nothing more is known of it.
 */
export function buildRecordLauncherScript(folder: string, launcher: string, reference?: string): string {
  const isRecorded = `[ -s launcher ] && read -r name < launcher && [ "$name" = ${quote(launcher)} ]`;
  return `
cd -- ${quote(folder)} || exit ${cannotCreate.folder}
${reference === undefined ? `if ${isRecorded}; then exit 0; fi` : ""}
umask 077
printf '%s\\n' ${quote(launcher)} ${quote(reference ?? "")} elsewhere > launcher.new && mv -f launcher.new launcher
`;
}

/** Builds a script that withdraws a job that did not begin, so that no late wrapper can claim it. Prints `claimed` when one did. */
export function buildWithdrawScript(folder: string): string {
  return `
cd -- ${quote(folder)} || exit 0
if mkdir claim 2>/dev/null || [ ! -s state ]; then cd / && rm -rf -- ${quote(folder)}; echo given-up; else echo claimed; fi
`;
}

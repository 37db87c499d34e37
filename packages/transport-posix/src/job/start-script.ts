import type { Job } from "@unitrain/core/spec";
import { exported } from "../run-command.ts";
import { execProgram } from "../script/exec-program.ts";
import { quote, quoteAll } from "../script/quote.ts";
import { jobFilesScript } from "./job-files.ts";
import { processesScript } from "./processes-script.ts";
import { wrapperScript } from "./wrapper-script.ts";

/** Exit codes of {@link prepareScript}. */
export const cannotMake = { folder: 20, workingFolder: 21 } as const;

/**
 * Lays everything out that the wrapper needs. What the job is given comes over standard input and lies in a file that only
 * its user can read, until the job reads it. Says `claimed` when the job was started before.
 */
export function prepareScript(workFolder: string, job: Job, mark: string): string {
  const folder = `${workFolder}/jobs/${job.id}`;
  const start = `${folder}/start-${mark}`;
  const end = `END_${mark}`;
  const allocation = `${folder}/allocation`;
  return `
unset TMUX TMUX_PANE STY UNITRAIN_JOB UNITRAIN_JOB_MARK
environment=$(export -p)
mask=$(umask)
LC_ALL=C; export LC_ALL
umask 077
# A shell does not always say that it was the disk: so what is free is told as well.
fail() {
  # Whoever claimed the job meanwhile took away what we were laying out.
  if [ -d ${quote(`${folder}/claim`)} ]; then echo claimed; exit 0; fi
  echo "free $(df -Pk . 2>/dev/null | awk 'END { print $4 }')"
  exit "$1"
}
if [ -d ${quote(`${folder}/claim`)} ]; then cat > /dev/null; echo claimed; exit 0; fi
cd -- ${quote(workFolder)} || fail ${cannotMake.folder}
(umask "$mask"; mkdir -p -- ${quote(job.cwd)}) || fail ${cannotMake.workingFolder}
mkdir -p -- ${quote(start)} && cd -- ${quote(folder)} || fail ${cannotMake.folder}
printf 'set -- %s\\n' ${quote(quoteAll(job.watch))} > watch &&
cat > ${quote(`${start}/wrapper`)} <<'${end}' || fail ${cannotMake.folder}
${wrapperScript(folder, mark)}
${end}
{
cat <<'${end}' && printf '%s\\n' "$environment" ${quote(`[ ! -r ${quote(allocation)} ] || . ${quote(allocation)}`)} "umask $mask" && cat
rm -f -- "$0"
${processesScript}
printf '%s %s\\n' "$$" "$(started_at $$)" > ${quote(`${folder}/child`)}
${end}
} > ${quote(`${start}/child`)} || fail ${cannotMake.folder}
echo ready
`;
}

/** What the job is given, as it goes over standard input; never part of a command. */
export function givenToJob(job: Job, secrets: Readonly<Record<string, string>>, mark: string): Uint8Array {
  const lines = [
    ...Object.entries({ ...job.env, ...secrets }).map(([name, value]) => exported(name, value)),
    exported("UNITRAIN_JOB", job.id),
    exported("UNITRAIN_JOB_MARK", mark),
    `cd -- ${quote(job.cwd)} || exit 126`,
    "unset OLDPWD",
    execProgram(job.argv),
    "",
  ];
  return Buffer.from(lines.join("\n"), "utf8");
}

/** Waits until the wrapper holds the job. Says the verdict, and what the log says when there is none. */
export function awaitScript(folder: string, launcher: string, reference: string, patienceMs: number): string {
  return `
cd -- ${quote(folder)} || exit ${cannotMake.folder}
${processesScript}
${jobFilesScript}
umask 077
printf '%s\\n' ${quote(launcher)} ${quote(reference)} > launcher
turns=0
while :; do
  look_at_job
  [ "$verdict" = unclaimed ] && [ $turns -lt ${Math.ceil(patienceMs / 100)} ] || break
  nap; turns=$((turns + 1))
done
[ -s state ] || recorded exit || verdict=none
echo "$verdict"
[ "$verdict" = none ] && tail -n 3 log 2>/dev/null
exit 0
`;
}

/** Written before a queue is asked, without a reference yet: a job of which nothing more is known is looked for in that queue. */
export function noteLauncherScript(folder: string, launcher: string, reference?: string): string {
  const isKnown = `[ -s launcher ] && read -r name < launcher && [ "$name" = ${quote(launcher)} ]`;
  return `
cd -- ${quote(folder)} || exit ${cannotMake.folder}
${reference === undefined ? `if ${isKnown}; then exit 0; fi` : ""}
umask 077
printf '%s\\n' ${quote(launcher)} ${quote(reference ?? "")} elsewhere > launcher.new && mv -f launcher.new launcher
`;
}

/** Takes a job back that did not begin: no wrapper that comes late can claim it. Says `claimed` when one did. */
export function giveUpScript(folder: string): string {
  return `
cd -- ${quote(folder)} || exit 0
if mkdir claim 2>/dev/null || [ ! -s state ]; then cd / && rm -rf -- ${quote(folder)}; echo given-up; else echo claimed; fi
`;
}

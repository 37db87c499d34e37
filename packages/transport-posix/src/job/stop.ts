import { UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { commandFailedError } from "../script/failures.ts";
import { buildEnterJobScript, getJobFolder, jobFilesScript } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { processesScript } from "./processes-script.ts";
import { createShell } from "./shell.ts";

/** After KILL: what is still there then waits for a device and cannot be ended by anyone. */
const killTimeoutMs = 20_000;
const processesRemain = 30;
/** One look at all processes, and a nap. */
const turnMs = 125;

/**
 * Ends all of a job. TERM goes to its first process, which knows best how to end the others (a save in progress, workers,
 * ranks); to the others once it is gone, or after half of the grace period; after the whole of it KILL to all.
 * A job that was laid out but has not begun can begin no more; one that has lost its wrapper is ended just the same.
 */
export async function stopJob(
  machine: ConnectedMachine,
  jobId: string,
  graceMs: number,
  launchers: readonly JobLauncher[],
  signal: AbortSignal,
): Promise<void> {
  const shell = createShell(machine, signal);
  const folder = getJobFolder(machine, jobId);
  const { exitCode, stdout, stderr } = await shell.run(buildStopScript(folder, graceMs));
  if (exitCode === processesRemain) {
    throw new UnitrainError(
      "REMOTE_COMMAND",
      `Processes of job ${jobId} cannot be ended: ${stdout.trim()}.`,
      {
        hint: "They wait for a device or a disk; when that does not come back, the machine has to be started again.",
        retryable: true,
      },
    );
  }
  if (exitCode !== 0) throw commandFailedError(`stop job ${jobId}`, exitCode, stderr);
  const [name, reference, where, verdict] = stdout.split("\n");
  if (where !== "elsewhere") return;
  const launcher = launchers.find((candidate) => candidate.name === name);
  if (launcher?.stop === undefined && verdict === "ended") return;
  if (launcher?.stop === undefined) throw cannotStopError(jobId, name);
  await launcher.stop(shell, { jobId, folder, reference: reference || undefined }, graceMs);
}

function cannotStopError(jobId: string, launcher: string | undefined): UnitrainError {
  return new UnitrainError("REMOTE_COMMAND", `Cannot stop job ${jobId}: ${launcher} runs it elsewhere.`, {
    hint: `Use a transport with the launcher ${launcher}.`,
  });
}

function buildStopScript(folder: string, graceMs: number): string {
  const graceTurns = Math.ceil(graceMs / turnMs);
  const firstProcessTurns = Math.floor(graceTurns / 2);
  return `
${buildEnterJobScript(folder, "exit 0")}
${processesScript}
${jobFilesScript}
umask 077
if [ ! -d claim ]; then
  # Laid out, perhaps already on its way: from now on nobody can claim it.
  for start in start-*; do
    [ -d "$start" ] && mkdir claim 2>/dev/null && : >> log && echo 143 > exit.new && mv -f exit.new exit
  done
  rm -rf start-*
  [ -d claim ] || exit 0
fi
look_at_job
if is_elsewhere; then
  # What was kept from beginning may still be in a queue.
  [ "$verdict" = ended ] && [ -s state ] && exit 0
  echo ${Math.ceil(graceMs / 100)} > grace.new && mv -f grace.new grace
  cat launcher
  echo "$verdict"
  exit 0
fi
case $verdict in ended | rebooted) [ -s state ] || exit 0; read_state; child='' ;; esac
[ "$verdict" = rebooted ] && exit 0

# The wrapper ends what the first process leaves behind: it waits just as long.
[ -d claim ] && echo ${Math.ceil(graceMs / 100)} > grace.new && mv -f grace.new grace
# Whoever is new in the next turn is told as well: it may have been on its way when the others were.
told=' '
turn=0
while :; do
  left=$(members "$mark" "$(first_process)")
  if [ -z "$left" ] && ! alive "$wrapper" "$wrapper_start"; then exit 0; fi
  [ $turn -ge ${graceTurns + Math.ceil(killTimeoutMs / turnMs)} ] && break
  if [ $turn -ge ${graceTurns} ]; then
    [ -z "$left" ] || kill -KILL $left 2>/dev/null
  else
    first=$(first_process)
    case " "$(echo $left)" " in *" $first "*) [ $turn -lt ${firstProcessTurns} ] && left=$first ;; esac
    for one in $left; do
      case $told in *" $one "*) ;; *) kill -TERM "$one" 2>/dev/null; told="$told$one " ;; esac
    done
  fi
  nap; turn=$((turn + 1))
done
# Only the wrapper is left, and it has nothing to wait for.
[ -n "$left" ] || { kill -KILL "$wrapper" 2>/dev/null; exit 0; }
echo $left
exit ${processesRemain}
`;
}

import { UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { commandFailedError } from "../script/failures.ts";
import { buildEnterJobScript, getJobFolder, jobFilesScript } from "./job-files.ts";
import type { JobLauncher } from "./launcher.ts";
import { processesScript } from "./processes-script.ts";
import { createShell } from "./shell.ts";

/** How long to wait after KILL. A process that remains then waits for a device, and nothing can end it. */
const killTimeoutMs = 20_000;
const processesRemain = 30;
/** Duration of one turn of the loop: listing all processes, and a pause. */
const turnMs = 125;

/**
 * Ends all processes of a job. TERM goes to its first process, which knows best how to end the others (a save in progress, workers,
 * ranks), and to the others once it has ended or half of the grace period is over; KILL goes to all at the end of the grace period.
 * A job that has not begun can no longer begin. A job without a wrapper is ended in the same way.
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
      `Cannot end all processes of job ${jobId}: they wait for a device (process ids ${stdout.trim()}).`,
      {
        hint: "Bring the device or disk back that they wait for, or restart the machine.",
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
  return new UnitrainError(
    "REMOTE_COMMAND",
    `Cannot stop job ${jobId}: it runs on other computers, and this transport has no launcher ${launcher}.`,
    {
      hint: `Use a transport with the launcher ${launcher}.`,
    },
  );
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
  # Prepared, and perhaps about to begin: claim it, so that no wrapper can.
  for start in start-*; do
    [ -d "$start" ] && mkdir claim 2>/dev/null && : >> log && echo 143 > exit.new && mv -f exit.new exit
  done
  rm -rf start-*
  [ -d claim ] || exit 0
fi
read_verdict
if is_elsewhere; then
  # A job that was kept from beginning may still be in a queue.
  [ "$verdict" = ended ] && [ -s state ] && exit 0
  echo ${Math.ceil(graceMs / 100)} > grace.new && mv -f grace.new grace
  cat launcher
  echo "$verdict"
  exit 0
fi
case $verdict in ended | rebooted) [ -s state ] || exit 0; read_state; child='' ;; esac
[ "$verdict" = rebooted ] && exit 0

# The wrapper ends what the first process leaves behind, with the same grace period.
[ -d claim ] && echo ${Math.ceil(graceMs / 100)} > grace.new && mv -f grace.new grace
# A process that appears in a later turn gets TERM as well: it may have been starting when the others got it.
signaled=' '
turn=0
while :; do
  remaining=$(job_processes "$mark" "$(first_process)")
  if [ -z "$remaining" ] && ! is_alive "$wrapper" "$wrapper_start"; then exit 0; fi
  [ $turn -ge ${graceTurns + Math.ceil(killTimeoutMs / turnMs)} ] && break
  if [ $turn -ge ${graceTurns} ]; then
    [ -z "$remaining" ] || kill -KILL $remaining 2>/dev/null
  else
    first=$(first_process)
    case " "$(echo $remaining)" " in *" $first "*) [ $turn -lt ${firstProcessTurns} ] && remaining=$first ;; esac
    for pid in $remaining; do
      case $signaled in *" $pid "*) ;; *) kill -TERM "$pid" 2>/dev/null; signaled="$signaled$pid " ;; esac
    done
  fi
  nap; turn=$((turn + 1))
done
# Only the wrapper remains, and it has nothing to wait for.
[ -n "$remaining" ] || { kill -KILL "$wrapper" 2>/dev/null; exit 0; }
echo $remaining
exit ${processesRemain}
`;
}

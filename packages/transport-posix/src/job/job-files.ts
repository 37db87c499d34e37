import { UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { quote } from "../script/quote.ts";

/**
 * Everything that is known of a job lies in `<workFolder>/jobs/<id>`:
 *
 * - `claim/`       made by the one wrapper that runs the job
 * - `state`        boot, host, wrapper's pid and start time, the job's mark, where a second exit code may lie
 * - `child`        pid and start time of the job's first process
 * - `log`          all that it said
 * - `code`         room for the exit code, taken while there was some
 * - `exit`         `code` by its final name: the job has ended and nothing of it is left
 * - `watch`        files to be shown whole, as words of shell
 * - `launcher`     the launcher that was asked to run it, its reference, and `elsewhere` when the job does not run on this machine
 * - `ending`       why a launcher says that the job ended: reason, detail, and until when (in seconds) its exit code may still come
 * - `allocation`   variables that a launcher adds to the job's, as shell
 * - `grace`        once it is stopped: tenths of a second from TERM to KILL
 * - `start-<mark>/` one try to start it: wrapper, and what it runs; gone once it runs
 */
export function getJobFolder(machine: ConnectedMachine, jobId: string): string {
  return `${machine.workFolder}/jobs/${validateJobId(jobId)}`;
}

/** Names of sessions and folders are made of it. */
function validateJobId(jobId: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/.test(jobId)) return jobId;
  throw new UnitrainError("INVALID_OPTIONS", `${JSON.stringify(jobId)} cannot be the id of a job.`, {
    hint: "Ids are made of at most 128 letters, digits, - and _, and begin with none of the signs.",
  });
}

/** Exit code of {@link enterJobScript}. */
const cannotEnterFolder = 22;

/**
 * Goes into a job's folder, or runs `otherwise` where there is certainly none: a folder that cannot be entered now (a disk that does
 * not answer, a file in its place) is not a job that never was.
 */
export function buildEnterJobScript(folder: string, otherwise: string): string {
  const id = folder.slice(folder.lastIndexOf("/") + 1);
  const jobsFolder = folder.slice(0, folder.lastIndexOf("/"));
  return `
lacks() { # folder, name
  names=$(ls -A -- "$1" 2>&1) || { echo "$names" >&2; return 1; }
  ! printf '%s\\n' "$names" | grep -qxF -e "$2"
}
cd -- ${quote(folder)} 2>/dev/null || {
  if lacks . jobs || lacks ${quote(jobsFolder)} ${quote(id)}; then ${otherwise}; fi
  echo ${quote(`${folder} cannot be entered`)} >&2
  exit ${cannotEnterFolder}
}
`;
}

/** Shell functions that read them; the working folder is the job's. */
export const jobFilesScript = `
read_state() {
  boot='' host='' wrapper='' wrapper_start='' mark='' second='' child='' child_start=''
  while IFS= read -r line; do
    case $line in
      boot=*) boot=\${line#*=} ;;
      host=*) host=\${line#*=} ;;
      wrapper=*) wrapper=\${line#*=}; wrapper_start=\${wrapper#* }; wrapper=\${wrapper%% *} ;;
      mark=*) mark=\${line#*=} ;;
      second=*) second=\${line#*=} ;;
    esac
  done < state
  [ -s child ] && read -r child child_start < child
}

# The first process, unless its number belongs to another one by now.
first_process() {
  [ -n "$child" ] || return 0
  now=$(started_at "$child")
  if [ -z "$now" ] || [ "$now" = "$child_start" ]; then echo "$child"; fi
}

recorded() {
  [ -n "$1" ] && [ -s "$1" ] && read -r code termed < "$1" || return 1
  case $code in '' | *[!0-9]*) return 1 ;; esac
  verdict=ended
}

# Whether other computers run it: their processes cannot be seen from here.
is_elsewhere() {
  where=''
  [ -s launcher ] && { read -r where && read -r where && read -r where; } < launcher
  [ "$where" = elsewhere ]
}

# Whether its launcher says that it ended, and the time is over for which its exit code is waited for.
is_given_up() {
  reason='' words='' until=''
  [ -s ending ] && { read -r reason && read -r words && read -r until; } < ending
  [ -n "$until" ] && [ "$(date +%s)" -ge "$until" ]
}

# Sets verdict (and code, detail). Silence, and whatever the clock says, mean nothing here.
look_at_job() {
  verdict='' code='' termed='' detail=''
  if is_elsewhere; then
    recorded exit && return
    verdict=elsewhere
    is_given_up && { recorded code || verdict=lost; }
    return
  fi
  if recorded exit; then
    # A machine that goes down tells everyone to end first: that is no end of the job's own.
    [ "$termed" = termed ] && read_state && is_other_boot && rebooted
    return 0
  fi
  if [ ! -d claim ]; then verdict=unclaimed; return; fi
  tries=0
  while [ ! -s state ] && [ $tries -lt 30 ]; do nap; tries=$((tries + 1)); done
  if [ ! -s state ]; then
    verdict=lost detail='its wrapper ended before it could say who it is'
    return
  fi
  read_state
  if is_other_boot; then
    recorded code && [ "$termed" != termed ] && return
    rebooted
  elif alive "$wrapper" "$wrapper_start"; then
    verdict=running
  else
    # It may have ended between the two looks.
    recorded exit || recorded code || recorded "$second" || gone
  fi
}

# Only when both are known: a machine that has no process to spare cannot say in which boot it is.
is_other_boot() {
  this_boot=$(boot_id)
  case unknown in "\${boot:-unknown}" | "\${this_boot:-unknown}") return 1 ;; esac
  [ "$boot" != "$this_boot" ]
}

rebooted() {
  verdict=rebooted detail="it ran on $host, which has rebooted since"
}

gone() {
  left=$(members "$mark" "$(first_process)" | wc -l | tr -d ' ')
  verdict=lost detail="its wrapper (process $wrapper) is gone without an exit code"
  if [ "$left" = 0 ]; then detail="$detail, nothing of it is left"
  else detail="$detail, processes of it that are left: $left"; fi
}

size_of() {
  [ -f "$1" ] || { echo 0; return; }
  set -- $(ls -lnd -- "$1")
  echo "$5"
}
`;

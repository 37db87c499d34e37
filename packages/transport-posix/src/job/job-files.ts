import { UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { quote } from "../script/quote.ts";

/**
 * Returns the folder of a job, `<workFolder>/jobs/<id>`. Its files are the source of truth about the job:
 *
 * - `claim/`       created by the one wrapper that runs the job
 * - `state`        boot, host, pid and start time of the wrapper, the job's mark, and where a fallback copy of the exit code may be
 * - `child`        pid and start time of the job's first process
 * - `log`          the whole output of the job
 * - `code`         the exit code; written before the job runs, so that its space is reserved on a disk that fills up
 * - `exit`         `code` under its final name: the job has ended and none of its processes remain
 * - `watch`        files that are sent whole whenever they change, as a shell command
 * - `launcher`     name of the launcher, its reference, and `elsewhere` when the job does not run on this machine
 * - `ending`       why the launcher says that the job ended: reason, detail, and until when (in seconds) its exit code may still arrive
 * - `allocation`   environment variables that a launcher adds to those of the job, as shell lines
 * - `grace`        once the job is stopped: tenths of a second from TERM to KILL
 * - `start-<mark>/` one attempt to start the job: the wrapper, and what it runs; removed once the job runs
 */
export function getJobFolder(machine: ConnectedMachine, jobId: string): string {
  return `${machine.workFolder}/jobs/${validateJobId(jobId)}`;
}

/** Throws for an id that cannot be part of the names of folders and tmux sessions. */
function validateJobId(jobId: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/.test(jobId)) return jobId;
  throw new UnitrainError("INVALID_OPTIONS", `Invalid job id ${JSON.stringify(jobId)}.`, {
    hint: "Use at most 128 letters, digits, hyphens and underscores, and do not begin with a hyphen.",
  });
}

/** Exit code of {@link enterJobScript}. */
const cannotEnterFolder = 22;

/**
 * Builds the lines of shell that enter a job's folder, or run `otherwise` when it certainly does not exist. A folder that cannot be
 * entered (its disk does not answer, a file is in its place) is an error: it does not mean that the job never existed.
 */
export function buildEnterJobScript(folder: string, otherwise: string): string {
  const id = folder.slice(folder.lastIndexOf("/") + 1);
  const jobsFolder = folder.slice(0, folder.lastIndexOf("/"));
  return `
is_missing() { # folder, name
  names=$(ls -A -- "$1" 2>&1) || { echo "$names" >&2; return 1; }
  ! printf '%s\\n' "$names" | grep -qxF -e "$2"
}
cd -- ${quote(folder)} 2>/dev/null || {
  if is_missing . jobs || is_missing ${quote(jobsFolder)} ${quote(id)}; then ${otherwise}; fi
  echo ${quote(`cannot enter ${folder}`)} >&2
  exit ${cannotEnterFolder}
}
`;
}

/** Shell functions that read the files of a job. The working folder must be the job's folder. */
export const jobFilesScript = `
read_state() {
  boot='' host='' wrapper='' wrapper_start='' mark='' fallback='' child='' child_start=''
  while IFS= read -r line; do
    case $line in
      boot=*) boot=\${line#*=} ;;
      host=*) host=\${line#*=} ;;
      wrapper=*) wrapper=\${line#*=}; wrapper_start=\${wrapper#* }; wrapper=\${wrapper%% *} ;;
      mark=*) mark=\${line#*=} ;;
      fallback=*) fallback=\${line#*=} ;;
    esac
  done < state
  [ -s child ] && read -r child child_start < child
}

# Prints the id of the first process, unless another process has that id by now.
first_process() {
  [ -n "$child" ] || return 0
  now=$(started_at "$child")
  if [ -z "$now" ] || [ "$now" = "$child_start" ]; then echo "$child"; fi
}

read_exit_code() { # file
  [ -n "$1" ] && [ -s "$1" ] && read -r code terminated < "$1" || return 1
  case $code in '' | *[!0-9]*) return 1 ;; esac
  verdict=ended
}

# Whether other computers run the job: their processes are not visible on this machine.
is_elsewhere() {
  where=''
  [ -s launcher ] && { read -r where && read -r where && read -r where; } < launcher
  [ "$where" = elsewhere ]
}

# Whether the launcher says that the job ended, and the time to wait for its exit code is over.
is_exit_code_overdue() {
  reason='' ending_detail='' until=''
  [ -s ending ] && { read -r reason && read -r ending_detail && read -r until; } < ending
  [ -n "$until" ] && [ "$(date +%s)" -ge "$until" ]
}

# Sets verdict (and code, detail). Neither a silent job nor the clock is evidence of an end.
read_verdict() {
  verdict='' code='' terminated='' detail=''
  if is_elsewhere; then
    read_exit_code exit && return
    verdict=elsewhere
    is_exit_code_overdue && { read_exit_code code || verdict=lost; }
    return
  fi
  if read_exit_code exit; then
    # A machine that shuts down sends TERM to all processes: then the job did not end by itself.
    [ "$terminated" = terminated ] && read_state && is_other_boot && set_rebooted
    return 0
  fi
  if [ ! -d claim ]; then verdict=unclaimed; return; fi
  tries=0
  while [ ! -s state ] && [ $tries -lt 30 ]; do nap; tries=$((tries + 1)); done
  if [ ! -s state ]; then
    verdict=lost detail='its wrapper ended before it wrote its state'
    return
  fi
  read_state
  if is_other_boot; then
    read_exit_code code && [ "$terminated" != terminated ] && return
    set_rebooted
  elif is_alive "$wrapper" "$wrapper_start"; then
    verdict=running
  else
    # The job may have ended between the two checks.
    read_exit_code exit || read_exit_code code || read_exit_code "$fallback" || set_lost
  fi
}

# True only when both boots are known: a machine without a free process id cannot tell its boot.
is_other_boot() {
  this_boot=$(boot_id)
  case unknown in "\${boot:-unknown}" | "\${this_boot:-unknown}") return 1 ;; esac
  [ "$boot" != "$this_boot" ]
}

set_rebooted() {
  verdict=rebooted detail="it ran on $host, which has rebooted since"
}

set_lost() {
  remaining=$(job_processes "$mark" "$(first_process)" | wc -l | tr -d ' ')
  verdict=lost detail="its wrapper (process $wrapper) ended without an exit code"
  if [ "$remaining" = 0 ]; then detail="$detail, and no process of the job remains"
  else detail="$detail, and $remaining processes of the job remain"; fi
}

size_of() {
  [ -f "$1" ] || { echo 0; return; }
  set -- $(ls -lnd -- "$1")
  echo "$5"
}
`;

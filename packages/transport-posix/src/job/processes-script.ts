/**
 * Shell functions about processes. A pid is reused; together with the start time of the process and the boot it identifies one
 * process for ever.
 */
export const processesScript = `
boot_id() {
  cat /proc/sys/kernel/random/boot_id 2>/dev/null || sysctl -n kern.bootsessionuuid 2>/dev/null ||
    sysctl -n kern.boottime 2>/dev/null | tr -cd '0-9,' || echo unknown
}

# Prints when the process with this id started, in units of the system. Prints nothing for no process and for a zombie.
started_at() {
  if [ -d /proc/self ]; then
    IFS= read -r line 2>/dev/null < "/proc/$1/stat" || return 1
    set -f; set -- \${line##*) }; set +f
    case $1 in Z | X) return 1 ;; esac
    echo "\${20}"
  else
    line=$(ps -o state= -o lstart= -p "$1" 2>/dev/null) || return 1
    case $line in Z*) return 1 ;; esac
    set -f; set -- $line; set +f; shift
    echo "$*" | tr ' ' '_'
  fi
}

is_alive() { # pid, start time
  [ -n "\${1-}" ] && [ -n "\${2-}" ] && [ "$(started_at "$1" 2>/dev/null)" = "$2" ]
}

nap() { sleep "\${1:-0.1}" 2>/dev/null || sleep 1; }

# Prints the ids of processes with this text in their environment. Where grep stops at the first NUL, each is read by itself.
if printf 'a\\0b\\n' | grep -qF b; then
  processes_with_environment() { grep -lF "$1" /proc/[0-9]*/environ 2>/dev/null | tr -cd '0-9\\n'; }
else
  processes_with_environment() {
    for environ in /proc/[0-9]*/environ; do
      tr '\\0' '\\n' 2>/dev/null < "$environ" | grep -qF "$1" && echo "$environ" | tr -cd '0-9\\n'
    done 2>/dev/null
  }
fi

# Prints the ids of all processes of a job: those with its mark in the environment, and those in the session of its first process.
job_processes() { # mark, id of the first process or nothing
  [ -n "\${1-}" ] || return 0
  {
    processes_with_environment "UNITRAIN_JOB_MARK=$1"
    if [ -n "\${2-}" ] && [ -d /proc/self ]; then
      cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$2" '{
        pid = $1; sub(/.*\\) /, ""); if ($4 == session && $1 != "Z" && $1 != "X") print pid
      }'
    elif [ -n "\${2-}" ]; then
      ps -A -o pid= -o pgid= -o state= | awk -v group="$2" '$2 == group && $3 !~ /^Z/ { print $1 }'
    fi
  } | sort -un
}
`;

/**
 * Shell functions that run a program in a session of its own. `detached` returns at once, `in_session` when the program has ended.
 * `detached` calls setsid twice, because the second one leads a process group and therefore forks; with `&` the shell would make the
 * program ignore SIGINT.
 */
export const sessionsScript = `
detached() {
  if command -v setsid >/dev/null 2>&1; then setsid setsid "$@"
  elif command -v perl >/dev/null 2>&1; then perl -MPOSIX=setsid -e 'exit if fork; setsid(); exec @ARGV' "$@"
  elif command -v python3 >/dev/null 2>&1; then
    python3 -c 'import os, sys; os.fork() and os._exit(0); os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])' "$@"
  else nohup "$@" &
  fi </dev/null >/dev/null 2>&1
}

in_session() {
  if command -v setsid >/dev/null 2>&1; then setsid "$@"
  elif command -v perl >/dev/null 2>&1; then perl -MPOSIX=setsid -e 'setsid(); exec @ARGV' "$@"
  elif command -v python3 >/dev/null 2>&1; then
    python3 -c 'import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])' "$@"
  else "$@"
  fi
}
`;

import { quote } from "../script/quote.ts";
import { processesScript, sessionsScript } from "./processes-script.ts";

/** Tenths of a second for background processes of the job to end after it, unless `grace` says otherwise. */
const orphanGraceTenths = 20;

/**
 * Builds the script that a launcher runs: it claims the job, runs it and records its exit code. It survives TERM, HUP and INT by
 * catching them; if it ignored them, the job would inherit that. It runs the job in the foreground for the same reason.
 */
export function buildWrapperScript(folder: string, mark: string): string {
  return `
# The job gets nothing of the launcher's environment.
[ "\${1-}" = clean ] || exec env -i PATH="$PATH" HOME="$HOME" TMPDIR="\${TMPDIR-}" /bin/sh "$0" clean
LC_ALL=C; export LC_ALL
cd -- ${quote(folder)} || exit 1
mark=${quote(mark)}
${processesScript}
${sessionsScript}

# Where the exit code is written when the disk of this folder is full: a folder on another disk.
fallback=''
own_disk=$(df -P . 2>/dev/null | awk 'END { print $NF }')
for place in /dev/shm "\${TMPDIR:-/tmp}" "$HOME"; do
  [ -n "$place" ] && [ -d "$place" ] && [ -w "$place" ] || continue
  fallback="$place/.unitrain-$mark"
  [ "$(df -P "$place" 2>/dev/null | awk 'END { print $NF }')" = "$own_disk" ] || break
done
boot=$(boot_id)
host=$(uname -n)
self="$$ $(started_at $$)"

# Nothing may take long between the claim and the state: a claim without a state looks like a wrapper that died.
if ! mkdir claim 2>/dev/null; then
  [ -d claim ] && rm -rf "start-$mark"
  exit 0
fi
terminated=''
trap : HUP INT QUIT
trap 'terminated=terminated' TERM
umask 077
: >> log
printf '%-31s\\n' running > code || exit 1
printf 'boot=%s\\nhost=%s\\nwrapper=%s\\nmark=%s\\nfallback=%s\\n' "$boot" "$host" "$self" "$mark" "$fallback" > state.new &&
  mv -f state.new state || exit 1
for attempt in start-*; do [ "$attempt" = "start-$mark" ] || rm -rf "$attempt"; done

in_session /bin/sh "start-$mark/child" >> log 2>&1 < /dev/null
code=$?

# Overwrite the reserved bytes in place: that works on a full disk.
printf '%-31s\\n' "$code $terminated" 1<> code
read -r stored rest < code
if [ "$stored" != "$code" ] && [ -n "$fallback" ]; then (set -C; echo "$code $terminated" > "$fallback"); fi
rm -rf "start-$mark"

child=''
[ -s child ] && read -r child rest < child
turn=0
grace=${orphanGraceTenths}
[ -s grace ] && read -r grace < grace
remaining=$(job_processes "$mark" "$child")
[ -z "$remaining" ] || kill -TERM $remaining 2>/dev/null
while [ -n "$remaining" ] && [ $turn -lt "$grace" ]; do
  nap; turn=$((turn + 1)); remaining=$(job_processes "$mark" "$child")
done
while [ -n "$remaining" ] && [ $turn -lt $((grace + 50)) ]; do
  kill -KILL $remaining 2>/dev/null
  nap; turn=$((turn + 1)); remaining=$(job_processes "$mark" "$child")
done
[ "$stored" = "$code" ] && mv -f code exit
`;
}

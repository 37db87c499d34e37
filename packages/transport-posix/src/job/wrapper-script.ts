import { quote } from "../script/quote.ts";
import { processesScript, sessionsScript } from "./processes-script.ts";

/** How long what the job left in the background may take to end by itself, in tenths of a second, unless a stop says otherwise. */
const orphanGraceTenths = 20;

/**
 * What a launcher runs: claims the job, runs it, keeps its exit code. It lives on through TERM, HUP and INT: caught, not
 * ignored, so that the job finds them as they were. It runs the job in the foreground for the same reason.
 */
export function buildWrapperScript(folder: string, mark: string): string {
  return `
# Nothing of the launcher's own environment reaches the job.
[ "\${1-}" = clean ] || exec env -i PATH="$PATH" HOME="$HOME" TMPDIR="\${TMPDIR-}" /bin/sh "$0" clean
LC_ALL=C; export LC_ALL
cd -- ${quote(folder)} || exit 1
mark=${quote(mark)}
${processesScript}
${sessionsScript}

# Where the exit code goes when the disk under us takes nothing any more: somewhere on another one.
second=''
here=$(df -P . 2>/dev/null | awk 'END { print $NF }')
for place in /dev/shm "\${TMPDIR:-/tmp}" "$HOME"; do
  [ -n "$place" ] && [ -d "$place" ] && [ -w "$place" ] || continue
  second="$place/.unitrain-$mark"
  [ "$(df -P "$place" 2>/dev/null | awk 'END { print $NF }')" = "$here" ] || break
done
boot=$(boot_id)
host=$(uname -n)
self="$$ $(started_at $$)"

# Between the claim and what says whose it is, nothing may take long: a claim without it looks like a wrapper that died.
if ! mkdir claim 2>/dev/null; then
  [ -d claim ] && rm -rf "start-$mark"
  exit 0
fi
termed=''
trap : HUP INT QUIT
trap 'termed=termed' TERM
umask 077
: >> log
printf '%-31s\\n' running > code || exit 1
printf 'boot=%s\\nhost=%s\\nwrapper=%s\\nmark=%s\\nsecond=%s\\n' "$boot" "$host" "$self" "$mark" "$second" > state.new &&
  mv -f state.new state || exit 1
for other in start-*; do [ "$other" = "start-$mark" ] || rm -rf "$other"; done

in_session /bin/sh "start-$mark/child" >> log 2>&1 < /dev/null
code=$?

# Over what was written before: that needs no room.
printf '%-31s\\n' "$code $termed" 1<> code
read -r kept rest < code
if [ "$kept" != "$code" ] && [ -n "$second" ]; then (set -C; echo "$code $termed" > "$second"); fi
rm -rf "start-$mark"

child=''
[ -s child ] && read -r child rest < child
turn=0
grace=${orphanGraceTenths}
[ -s grace ] && read -r grace < grace
left=$(members "$mark" "$child")
[ -z "$left" ] || kill -TERM $left 2>/dev/null
while [ -n "$left" ] && [ $turn -lt "$grace" ]; do
  nap; turn=$((turn + 1)); left=$(members "$mark" "$child")
done
while [ -n "$left" ] && [ $turn -lt $((grace + 50)) ]; do
  kill -KILL $left 2>/dev/null
  nap; turn=$((turn + 1)); left=$(members "$mark" "$child")
done
[ "$kept" = "$code" ] && mv -f code exit
`;
}

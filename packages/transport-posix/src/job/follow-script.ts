import { quote } from "../script/quote.ts";
import { jobFilesScript } from "./job-files.ts";
import { processesScript } from "./processes-script.ts";

/** Only this much of a watched file is sent. */
export const maxFileBytes = 1024 * 1024;
/** How long the machine may read a watched file, because reading one may block for ever. */
const readTimeoutSeconds = 5;
/** The largest piece of the log, so that heartbeats are sent even while gigabytes are transferred. */
export const maxPieceBytes = 4 * 1024 * 1024;

/**
 * Builds a script that prints everything new until the job has ended. Each message begins with a line: `L offset length` (log),
 * `F path-length length` (watched file), `H` (heartbeat), `E` (end). Paths and files are in hexadecimal, so that their length is
 * known before they are written.
 *
 * A heartbeat is printed about every two seconds: without it the reader knows that the connection is dead, and when it cannot be
 * written, the script ends.
 */
export function buildFollowScript(folder: string, offset: number): string {
  return `
cd -- ${quote(folder)} 2>/dev/null || { echo E; exit 0; }
${processesScript}
${jobFilesScript}
offset=${offset}
set --
[ -r watch ] && . ./watch

if stat -c %s . >/dev/null 2>&1; then stamp_of() { stat -c '%s %y %i' -- "$1"; }
elif stat -f %z . >/dev/null 2>&1; then stamp_of() { stat -f '%z %Fm %i' -- "$1"; }
else stamp_of() { head -c ${maxFileBytes} -- "$1" | cksum; }
fi

# A file that blocks when it is read (on a dead network disk, or a pipe in its place) must not stop the rest.
if timeout 1 true 2>/dev/null; then with_timeout() { timeout ${readTimeoutSeconds} "$@"; }
else with_timeout() { "$@"; }
fi

hex() { od -An -v -tx1 | tr -d ' \\n'; }

send_log() {
  size=$(size_of log)
  while [ "$size" -gt "$offset" ]; do
    length=$((size - offset))
    [ $length -gt ${maxPieceBytes} ] && length=${maxPieceBytes}
    printf 'L %s %s\\n' "$offset" "$length" || exit 0
    tail -c "+$((offset + 1))" log | head -c "$length"
    offset=$((offset + length))
  done
}

send_files() {
  index=0
  for file do
    index=$((index + 1))
    [ -f "$file" ] || continue
    stamp=$(stamp_of "$file" 2>/dev/null) || continue
    eval "last_stamp=\\\${stamp_$index-}"
    [ "$stamp" = "$last_stamp" ] && continue
    eval "stamp_$index=\\$stamp"
    path=$(printf %s "$file" | hex)
    content=$(with_timeout head -c ${maxFileBytes} -- "$file" 2>/dev/null | hex)
    # Not printf: where it is not a builtin, a megabyte is too long for an argument.
    echo "F \${#path} \${#content}" && echo "$path$content" || exit 0
  done
}

turn=0 quiet=0 last_offset=$offset
while :; do
  # Check for the end first, then read the log: then all that the job wrote is read.
  ended=''
  if [ -s exit ]; then ended=yes
  elif [ $((turn % 16)) -eq 0 ]; then
    read_verdict
    case $verdict in
      running | elsewhere) ;;
      unclaimed) [ -s launcher ] || ended=yes ;;
      *) ended=yes ;;
    esac
    echo H || exit 0
  fi
  send_log
  if [ -n "$ended" ] || [ $((turn % 4)) -eq 0 ]; then send_files "$@"; fi
  [ -n "$ended" ] && { echo E; exit 0; }
  # Each turn starts some processes on the machine, so a quiet job is checked less often.
  if [ "$offset" -gt "$last_offset" ]; then last_offset=$offset quiet=0; else quiet=$((quiet + 1)); fi
  if [ $quiet -lt 20 ]; then nap; else nap 0.2; fi
  turn=$((turn + 1))
done
`;
}

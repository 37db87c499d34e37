import { quote } from "../script/quote.ts";
import { jobFilesScript } from "./job-files.ts";
import { processesScript } from "./processes-script.ts";

/** A watched file is shown up to here. */
export const maxFileBytes = 1024 * 1024;
/** How long the machine may read a watched file: what blocks for ever is not shown. */
const readTimeoutSeconds = 5;
/** One piece of the log at most, so that a heartbeat gets its turn while gigabytes are caught up with. */
export const maxPieceBytes = 4 * 1024 * 1024;

/**
 * Tells what is new until the job has ended and all is told. A line with `L offset length`, `F length-of-path length` or `H`
 * begins each piece, `E` is the last. Paths and files come in hexadecimal, so that their length is known before they are written.
 *
 * A heartbeat every two seconds or so: who does not hear it knows that the line is dead, and when nobody takes it, this ends.
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

# A file that blocks when it is read (a dead network disk, a pipe put in its place) must not silence the rest.
if timeout 1 true 2>/dev/null; then soon() { timeout ${readTimeoutSeconds} "$@"; }
else soon() { "$@"; }
fi

hex() { od -An -v -tx1 | tr -d ' \\n'; }

tell_log() {
  size=$(size_of log)
  while [ "$size" -gt "$offset" ]; do
    length=$((size - offset))
    [ $length -gt ${maxPieceBytes} ] && length=${maxPieceBytes}
    printf 'L %s %s\\n' "$offset" "$length" || exit 0
    tail -c "+$((offset + 1))" log | head -c "$length"
    offset=$((offset + length))
  done
}

tell_files() {
  index=0
  for file do
    index=$((index + 1))
    [ -f "$file" ] || continue
    stamp=$(stamp_of "$file" 2>/dev/null) || continue
    eval "known=\\\${stamp_$index-}"
    [ "$stamp" = "$known" ] && continue
    eval "stamp_$index=\\$stamp"
    path=$(printf %s "$file" | hex)
    content=$(soon head -c ${maxFileBytes} -- "$file" 2>/dev/null | hex)
    # Not printf: where it is a program of its own, a megabyte is too long for it.
    echo "F \${#path} \${#content}" && echo "$path$content" || exit 0
  done
}

turn=0 quiet=0 seen=$offset
while :; do
  # What the job wrote was written before this: so look first, then read.
  over=''
  if [ -s exit ]; then over=yes
  elif [ $((turn % 16)) -eq 0 ]; then
    look_at_job
    case $verdict in
      running | elsewhere) ;;
      unclaimed) [ -s launcher ] || over=yes ;;
      *) over=yes ;;
    esac
    echo H || exit 0
  fi
  tell_log
  if [ -n "$over" ] || [ $((turn % 4)) -eq 0 ]; then tell_files "$@"; fi
  [ -n "$over" ] && { echo E; exit 0; }
  # Every look costs the machine some processes: of a job that has been quiet for a while fewer are enough.
  if [ "$offset" -gt "$seen" ]; then seen=$offset quiet=0; else quiet=$((quiet + 1)); fi
  if [ $quiet -lt 20 ]; then nap; else nap 0.2; fi
  turn=$((turn + 1))
done
`;
}

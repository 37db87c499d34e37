import { processesScript } from "../job/processes-script.ts";
import { sha256Script } from "../machine/sha256-script.ts";
import { quote } from "../script/quote.ts";

/** Exit codes of the scripts that receive a shipment. */
export const receiveFailure = {
  noTar: 60,
  noSha256: 61,
  cannotMake: 62,
  unpack: 63,
  incomplete: 64,
  different: 65,
  view: 66,
} as const;

/**
 * Builds traps that remove folders when the script ends, in whatever way. Signals are ignored from then on, so that a second one
 * (one for the streams, one for the group) cannot interrupt the cleanup.
 */
export function buildCleanUpTrap(...variables: readonly string[]): string {
  const ignore = "trap '' HUP INT TERM PIPE";
  const remove = `rm -rf -- ${variables.map((name) => `\\"\\$${name}\\"`).join(" ")}`;
  return `trap "${ignore}; ${remove}" EXIT
trap "${ignore}; exit 129" HUP INT TERM PIPE`;
}

/** Parameters of the scripts that receive a shipment. */
export interface StoreTarget {
  readonly workFolder: string;
  readonly digest: string;
  readonly files: number;
  /** Folder of the run's own copy. */
  readonly target: string;
  /** Hexadecimal, and unique for this attempt. */
  readonly nonce: string;
}

/**
 * Builds shell functions for the store. `store/<digest>/` contains `files/`, their checksums, and `boot`: the boot in which they were
 * checked. After a reboot they are checked again, which costs less than flushing the disk after each upload.
 *
 * An incomplete shipment is in `incoming,<host>,<boot>,<pid>,<start>,<nonce>`: the name identifies its process from the beginning.
 */
export function buildStoreScript({ workFolder, digest, files, target, nonce }: StoreTarget): string {
  return `
${processesScript}
${sha256Script}
store=${quote(`${workFolder}/store`)}
stored=${quote(`${workFolder}/store/${digest}`)}
target=${quote(target)}
beside=${quote(target.slice(0, target.lastIndexOf("/")))}
boot=$(boot_id | tr -cd 'A-Za-z0-9-')
host=$(uname -n | tr -cd 'A-Za-z0-9.-')
name="incoming,$host,$boot,$$,$(started_at $$ | tr -cd 'A-Za-z0-9:_'),${nonce}"

fail() { # exit code
  free=$(df -Pk "$store" 2>/dev/null | awk 'END { print $4 }')
  inodes=$(df -Pi "$store" 2>/dev/null | awk 'END { print $4 }')
  echo "free $free $inodes"
  exit "$1"
}

# Removes the remains of uploads whose process has ended. Those of another host are removed after a week.
clean_up() {
  for old in "$1"/incoming,*; do
    [ -d "$old" ] || continue
    (
      IFS=,; set -f; set -- \${old##*/}; set +f; unset IFS
      if [ "$2" != "$host" ]; then [ -n "$(find "$old" -maxdepth 0 -mtime +7)" ] || exit 0
      elif [ "$3" = "$boot" ] && [ "$(started_at "$4" 2>/dev/null | tr -cd 'A-Za-z0-9:_')" = "$5" ]; then exit 0
      fi
      rm -rf -- "$old"
    )
  done
}

# Moves a folder to its final name. When another upload has created that folder meanwhile, it has the same content.
place() { # from, to
  mv -T -- "$1" "$2" 2>/dev/null && return 0
  [ -d "$2" ] && return 0
  mv -- "$1" "$2" || return 1
  # Without -T, the folder was moved into one that appeared in this moment.
  rm -rf -- "$2/\${1##*/}"
}

check_odd() { # sha256, file
  if [ "$(sha256_of_input < "$2" 2>/dev/null)" = "$1" ]; then echo 'odd file: OK'; else echo "$2: FAILED"; fi
}

check_list() {
  [ ! -s "sums/$1" ] || sha256_of_list "sums/$1" files
  [ ! -s "odd/$1" ] || (cd files && . "../odd/$1")
}

# Counts the files that were reported as correct, so that an incomplete list is noticed as well.
all_correct() {
  awk -v wanted=${files} '
    /: OK$/ { correct++; next }
    NF && wrong < 5 { wrong++; print > "/dev/stderr" }
    END { exit correct + 0 != wanted }'
}

# Whether the stored files are still complete.
is_complete() (
  cd "$stored" || exit 1
  [ "$(find files -type f -print0 | tr -cd '\\0' | wc -c | tr -d ' ')" = ${files} ] || exit 1
  [ "$(cat boot 2>/dev/null)" = "$boot" ] && exit 0
  number=1
  while [ -e "sums/$number" ]; do check_list $number; number=$((number + 1)); done | all_correct || exit 1
  printf %s "$boot" > boot
)

# Shares blocks where the disk can, and copies otherwise. Never hard links, because trainings modify their images.
copy_files() { # from, to, a file to test block sharing with
  if cp --reflink=auto -- "$3" "$2.try" 2>/dev/null; then how='cp -R --reflink=auto'
  elif cp -c -- "$3" "$2.try" 2>/dev/null; then how='cp -Rc'
  else how='cp -R'
  fi
  rm -f -- "$2.try"
  $how -- "$1" "$2"
}
`;
}

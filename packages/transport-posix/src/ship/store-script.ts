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
 * Takes away what must not outlast the script, however it ends. A second signal (one for the streams, one for the group) must
 * neither end the cleaning up nor what does it: so from its first moment on all are ignored.
 */
export function buildCleanUpTrap(...variables: readonly string[]): string {
  const ignore = "trap '' HUP INT TERM PIPE";
  const remove = `rm -rf -- ${variables.map((name) => `\\"\\$${name}\\"`).join(" ")}`;
  return `trap "${ignore}; ${remove}" EXIT
trap "${ignore}; exit 129" HUP INT TERM PIPE`;
}

/** What a shipment's scripts are made for. */
export interface StoreTarget {
  readonly workFolder: string;
  readonly digest: string;
  readonly files: number;
  /** The run's own view. */
  readonly target: string;
  /** Hex, of this try alone. */
  readonly nonce: string;
}

/**
 * Shell functions about the store. `store/<digest>/` holds `files/`, their checksums, and `boot`: the boot in which they were
 * checked. After another one they are checked anew, which costs less than having the disk write everything at each shipment.
 *
 * What is not whole yet lies in `incoming,<host>,<boot>,<pid>,<start>,<nonce>`: the name says whose it is, from its first moment.
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

# What a ship left that nobody sends any more. Of another host nothing is known: only what is a week old.
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

# Gives a folder its final name, unless another one has it by now: that one is as good.
place() { # from, to
  mv -T -- "$1" "$2" 2>/dev/null && return 0
  [ -d "$2" ] && return 0
  mv -- "$1" "$2" || return 1
  # Without -T it lands within one that came first in this very moment.
  rm -rf -- "$2/\${1##*/}"
}

odd() { # sha256, file
  if [ "$(sha256_of_input < "$2" 2>/dev/null)" = "$1" ]; then echo 'odd: OK'; else echo "$2: FAILED"; fi
}

check_list() {
  [ ! -s "sums/$1" ] || sha256_of_list "sums/$1" files
  [ ! -s "odd/$1" ] || (cd files && . "../odd/$1")
}

# Every single file has to be said to be right: lists that were cut short are noticed as well.
all_right() {
  awk -v wanted=${files} '
    /: OK$/ { right++; next }
    NF && wrong < 5 { wrong++; print > "/dev/stderr" }
    END { exit right + 0 != wanted }'
}

# Whether what is stored is whole still.
is_whole() (
  cd "$stored" || exit 1
  [ "$(find files -type f -print0 | tr -cd '\\0' | wc -c | tr -d ' ')" = ${files} ] || exit 1
  [ "$(cat boot 2>/dev/null)" = "$boot" ] && exit 0
  number=1
  while [ -e "sums/$number" ]; do check_list $number; number=$((number + 1)); done | all_right || exit 1
  printf %s "$boot" > boot
)

# Shares the blocks where the disk can, copies where not. Never a hard link: trainings write into their images.
copy_files() { # from, to; a file to try it with
  if cp --reflink=auto -- "$3" "$2.try" 2>/dev/null; then how='cp -R --reflink=auto'
  elif cp -c -- "$3" "$2.try" 2>/dev/null; then how='cp -Rc'
  else how='cp -R'
  fi
  rm -f -- "$2.try"
  $how -- "$1" "$2"
}
`;
}

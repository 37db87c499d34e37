/**
 * Shell functions: `sha256_of_input` prints the sha256 (hex) of standard input, `sha256_of_list` checks the files of a list in the
 * format of `sha256sum` and prints `OK` for each. openssl is preferred, because it is six times as fast as coreutils where the
 * processor has instructions for it. `sha256` is empty when the machine has no program for it.
 */
export const sha256Script = `
if command -v openssl >/dev/null 2>&1; then sha256='openssl dgst -sha256 -r'
elif command -v sha256sum >/dev/null 2>&1; then sha256=sha256sum
elif command -v shasum >/dev/null 2>&1; then sha256='shasum -a 256'
else sha256=''
fi

sha256_of_input() { $sha256 | cut -c 1-64; }

sha256_of_list() { # list, folder of the files
  case $sha256 in
    openssl*)
      cut -c 67- "$1" | tr '\\n' '\\0' | (cd "$2" && xargs -0 $sha256 2>&1) | awk '
        NR == FNR { wanted[substr($0, 67)] = substr($0, 1, 64); next }
        substr($0, 67) in wanted {
          print substr($0, 67) (wanted[substr($0, 67)] == substr($0, 1, 64) ? ": OK" : ": FAILED")
          next
        }
        { print }' "$1" -
      ;;
    *) (list=$PWD/$1; cd "$2" && $sha256 -c "$list" 2>&1) ;;
  esac
}
`;

import { type RemoteFile, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { absolutePath, pathBelowWorkFolder } from "../machine/paths.ts";
import { remoteDiskFull, saysDiskFull } from "../script/failures.ts";
import { inFolder } from "../script/open-script.ts";
import { quote } from "../script/quote.ts";
import { runScript } from "../script/run-script.ts";
import { fetchRefused } from "./fetch-refused.ts";
import { notRegular, notThere } from "./fetch-script.ts";

const neverStill = 53;
const cannotCopy = 54;
/** With a nap after each, three seconds in all beside the copying. */
const tries = 10;

/** Copies a file on the machine as it was at one moment: the copy counts when the file was the same before and after. */
export async function snapshotFile(
  machine: ConnectedMachine,
  file: RemoteFile,
  target: string,
  signal: AbortSignal,
): Promise<RemoteFile> {
  pathBelowWorkFolder(machine, target);
  const script = inFolder(machine.workFolder, snapshotScript(absolutePath(file.path), target));
  const { exitCode, stdout, stderr } = await runScript(machine.shells.dedicated, script, { signal });
  if (exitCode === 0) return { ...file, path: target, sizeBytes: Number(stdout.trim()) };
  if (exitCode === neverStill) {
    throw new UnitrainError(
      "FETCH_FAILED",
      `${file.path} changed each of the ${tries} times it was copied.`,
      {
        hint: "Try again when the training has written it.",
        retryable: true,
      },
    );
  }
  if (exitCode === cannotCopy && saysDiskFull(stderr)) throw remoteDiskFull(`a copy of ${file.path}`);
  throw fetchRefused(file, exitCode, stderr);
}

function snapshotScript(path: string, target: string): string {
  return `
file=${quote(path)}
copy=${quote(target)}
[ -L "$file" ] && exit ${notRegular}
[ -e "$file" ] || exit ${notThere}
[ -f "$file" ] || exit ${notRegular}
umask 077
mkdir -p -- "\${copy%/*}" || exit ${cannotCopy}
if stat -c %s . >/dev/null 2>&1; then stamp_of() { stat -c '%s %y %i' -- "$1"; }
elif stat -f %z . >/dev/null 2>&1; then stamp_of() { stat -f '%z %Fm %i' -- "$1"; }
else stamp_of() { ls -lnd -- "$1"; }
fi
trap 'rm -f -- "$copy.new"' EXIT
# A file system that can share the blocks of two files makes no second copy.
copy_file() { cp --reflink=auto -- "$1" "$2" 2>/dev/null || cp -- "$1" "$2"; }
try=0
while [ $try -lt ${tries} ]; do
  before=$(stamp_of "$file") || exit ${notThere}
  copy_file "$file" "$copy.new" || exit ${cannotCopy}
  # Two writes within one tick of the machine's clock have one time: so the bytes are compared as well.
  if cmp -s -- "$file" "$copy.new" && [ "$(stamp_of "$file")" = "$before" ]; then
    mv -f -- "$copy.new" "$copy" || exit ${cannotCopy}
    set -- $(ls -lnd -- "$copy")
    echo "$5"
    exit 0
  fi
  try=$((try + 1))
  sleep 0.3 2>/dev/null || sleep 1
done
exit ${neverStill}
`;
}

import { type RemoteFile, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { checkAbsolutePath, checkPathBelowWorkFolder } from "../machine/paths.ts";
import { isDiskFullMessage, remoteDiskFullError } from "../script/failures.ts";
import { withWorkFolder } from "../script/open-script.ts";
import { quote } from "../script/quote.ts";
import { runScript } from "../script/run-script.ts";
import { fetchError } from "./fetch-error.ts";
import { fileMissing, notRegularFile } from "./fetch-script.ts";

const keptChanging = 53;
const copyFailed = 54;
/** With a pause after each attempt: three seconds in all, besides the copying. */
const maxAttempts = 10;

/** Copies a file on the machine as it was at one moment: repeats the copy until the file is the same before and after. */
export async function snapshotFile(
  machine: ConnectedMachine,
  file: RemoteFile,
  target: string,
  signal: AbortSignal,
): Promise<RemoteFile> {
  checkPathBelowWorkFolder(machine, target);
  const script = withWorkFolder(
    machine.workFolder,
    buildSnapshotScript(checkAbsolutePath(file.path), target),
  );
  const { exitCode, stdout, stderr } = await runScript(machine.shells.dedicated, script, { signal });
  if (exitCode === 0) return { ...file, path: target, sizeBytes: Number(stdout.trim()) };
  if (exitCode === keptChanging) {
    throw new UnitrainError(
      "FETCH_FAILED",
      `Cannot copy ${file.path}: it changed during each of ${maxAttempts} attempts.`,
      {
        hint: "Try again once the training has finished writing it.",
        retryable: true,
      },
    );
  }
  if (exitCode === copyFailed && isDiskFullMessage(stderr))
    throw remoteDiskFullError(`a copy of ${file.path}`);
  throw fetchError(file, exitCode, stderr);
}

function buildSnapshotScript(path: string, target: string): string {
  return `
file=${quote(path)}
copy=${quote(target)}
[ -L "$file" ] && exit ${notRegularFile}
[ -e "$file" ] || exit ${fileMissing}
[ -f "$file" ] || exit ${notRegularFile}
umask 077
mkdir -p -- "\${copy%/*}" || exit ${copyFailed}
if stat -c %s . >/dev/null 2>&1; then stamp_of() { stat -c '%s %y %i' -- "$1"; }
elif stat -f %z . >/dev/null 2>&1; then stamp_of() { stat -f '%z %Fm %i' -- "$1"; }
else stamp_of() { ls -lnd -- "$1"; }
fi
trap 'rm -f -- "$copy.new"' EXIT
# Where the file system can share blocks, the copy takes no space.
copy_file() { cp --reflink=auto -- "$1" "$2" 2>/dev/null || cp -- "$1" "$2"; }
try=0
while [ $try -lt ${maxAttempts} ]; do
  before=$(stamp_of "$file") || exit ${fileMissing}
  copy_file "$file" "$copy.new" || exit ${copyFailed}
  # Two writes within one tick of the clock have the same time, so the bytes are compared as well.
  if cmp -s -- "$file" "$copy.new" && [ "$(stamp_of "$file")" = "$before" ]; then
    mv -f -- "$copy.new" "$copy" || exit ${copyFailed}
    set -- $(ls -lnd -- "$copy")
    echo "$5"
    exit 0
  fi
  try=$((try + 1))
  sleep 0.3 2>/dev/null || sleep 1
done
exit ${keptChanging}
`;
}

import { posix } from "node:path";
import type { Job, JobInput } from "@unitrain/core/spec";
import { toPlainLine } from "@unitrain/core/spec";
import { codeTime } from "../artifacts/artifacts.ts";
import type { CheckedOptions } from "../options/options.ts";

/** The file in UNITRAIN_PROGRESS, below the output folder. */
const progressFileName = "progress.jsonl";

/**
 * Copies the code into the working folder, once, with a time by which its files are told from those that the command writes, and
 * becomes the command. It needs nothing but a shell.
 */
const launchScript = `
upload=$1 output=$2 environment=$3 checkpoint=$4 command=$5
mkdir -p "$output" .unitrain/bin || exit 1
if [ ! -f .unitrain/copied ]; then
  cp -Rp "$upload/code/." . && find . -type f -exec env TZ=UTC touch -t ${codeTime} {} + && : > .unitrain/copied || exit 1
fi
data=$PWD
if [ -d "$upload/data" ]; then data=$upload/data; fi
if [ -d "$upload/file" ]; then for data in "$upload"/file/* "$upload"/file/.[!.]*; do [ -f "$data" ] && break; done; fi
if [ -f "$upload/link" ]; then
  link=$(cat "$upload/link")
  mkdir -p "$(dirname "./$link")" && { [ -e "./$link" ] || ln -s "$data" "./$link"; }
fi
if [ -n "$environment" ]; then
  PATH=$environment/bin:$PATH VIRTUAL_ENV=$environment
  export VIRTUAL_ENV
  unset PYTHONHOME
elif ! command -v python >/dev/null 2>&1 && command -v python3 >/dev/null 2>&1; then
  ln -sf "$(command -v python3)" .unitrain/bin/python
  PATH=$PATH:$PWD/.unitrain/bin
fi
if [ "$checkpoint" = uploaded ]; then
  for checkpoint in "$upload"/checkpoint/*; do break; done
  if [ "$(ls "$upload/checkpoint" | wc -l)" -gt 1 ] || [ -d "$checkpoint" ]; then checkpoint=$upload/checkpoint; fi
fi
PYTHONPATH=$PWD:$PWD/src\${PYTHONPATH:+:$PYTHONPATH}
UNITRAIN_DATA=$data UNITRAIN_OUTPUT=$output UNITRAIN_PROGRESS=$output/${progressFileName} UNITRAIN_CHECKPOINT=$checkpoint
export PATH PYTHONPATH UNITRAIN_DATA UNITRAIN_OUTPUT UNITRAIN_PROGRESS
[ -z "$checkpoint" ] || export UNITRAIN_CHECKPOINT
# A failure before a pipe, as in "train | tee log", is a failure of the command.
if command -v bash >/dev/null 2>&1; then exec bash -o pipefail -c "$command"; fi
exec sh -c "$command"`;

/** Creates the job that runs the command, in a copy of the code. */
export function createJob(options: CheckedOptions, input: JobInput): Job {
  return createJobFor(options, input, options.resumeFrom === undefined ? "" : "uploaded");
}

/** The same with a checkpoint: an absolute path on the machine, or `uploaded` for the one that was uploaded. */
export function createJobFor(options: CheckedOptions, input: JobInput, checkpoint: string): Job {
  const { command, resumeCommand, progressFile } = options;
  const chosen = checkpoint === "" ? command : (resumeCommand ?? command);
  const environment =
    posix.basename(input.environment.folder) === "script-none" ? "" : input.environment.folder;
  return {
    id: input.jobId,
    argv: [
      ...["sh", "-c", launchScript, "unitrain"],
      ...[input.dataset, input.output, environment, checkpoint, replacePlaceholders(chosen)],
    ],
    env: { PYTHONUNBUFFERED: "1", PYTHONIOENCODING: "utf-8" },
    secrets: [],
    cwd: input.scratch,
    watch: [
      posix.join(input.output, progressFileName),
      ...(progressFile === undefined ? [] : [getProgressPath(progressFile, input)]),
    ],
    needs: { gpus: (input.share?.gpus ?? input.facts.gpus).length },
    title: formatTitle(options),
  };
}

/** The command on one line, for the plan and the screen. */
export function formatTitle({ command }: Pick<CheckedOptions, "command">): string {
  const line = toPlainLine(command.replace(/\s*\n\s*/g, "; "));
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** Values stay in variables, so that a path with a space or a quote needs no quoting. Inside single quotes the quotes are closed. */
function replacePlaceholders(command: string): string {
  let quote = "";
  return command.replace(/\\.|["']|\{(data|output|checkpoint)\}/gs, (part, name: string | undefined) => {
    if (name !== undefined) {
      const variable = `\${UNITRAIN_${name.toUpperCase()}}`;
      return quote === '"' ? variable : quote === "'" ? `'"${variable}"'` : `"${variable}"`;
    }
    if (part === quote) quote = "";
    else if (quote === "" && part.length === 1) quote = part;
    return part;
  });
}

const getProgressPath = (file: string, { scratch, output }: JobInput): string =>
  file.startsWith("{output}/")
    ? posix.join(output, file.slice("{output}/".length))
    : posix.join(scratch, file);

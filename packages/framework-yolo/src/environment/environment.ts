import type { Environment, MachineFacts } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { pythonProgram } from "../python.ts";
import { explain } from "./explain.ts";
import { torchKind } from "./kind.ts";

/** Torch with its CUDA libraries, the rest, and as much again where uv's cache is on another disk. */
export const environmentBytes = 12e9;

/** Arguments of an older one are not known; also the oldest that current torch can load the models of. */
const oldestUltralytics = "8.2.0";

/** A GPU may be listed minutes before it works (dstack#2348). */
const gpuSeconds = 180;

/** uv's Python first, then the machine's own, then the one that its `yolo` uses. */
const worksScript = `
for python in "$1/bin/python" python3 python "$(sed -n '1s/^#! *//p' "$(command -v yolo)" 2>/dev/null)"; do
  case "$python" in
    "") continue ;;
    "$1"/*) [ -f "$1/.unitrain-complete" ] && [ -x "$python" ] || continue; PYTHONPATH= PYTHONHOME= "$python" -c "$2" "$3" && exit 0 ;;
    *) command -v "$python" >/dev/null 2>&1 || continue; "$python" -c "$2" "$3" && exit 0 ;;
  esac
done
exit 1`;

const installScript = `
for oldest in 9 6; do
  for python in python3 python3.13 python3.12 python3.11 python3.10 python3.9 python /opt/conda/bin/python3; do
    "$python" -c "import sys; sys.exit(sys.version_info < (3, $oldest))" 2>/dev/null && exec "$python" -c "$1" "$2"
  done
done
echo 'unitrain-environment-error: {"code": "no-python", "detail": ""}'
exit 1`;

const verifyScript = `
began=$(date +%s)
while :; do
  PYTHONPATH= PYTHONHOME= "$1/bin/python" -c "$2" "$3"
  code=$?
  [ "$code" -eq 3 ] && [ $(($(date +%s) - began)) -lt "$4" ] || exit "$code"
  echo 'waiting for the GPU'
  sleep 5
done`;

/** The environment of a machine: one for each version of Ultralytics and build of torch. */
export function environmentOf(options: CheckedOptions, facts: MachineFacts): Environment {
  const kind = torchKind(facts);
  const key = `ultralytics-${options.version}-${kind.name}-${facts.architecture}`.replace(/[^\w.-]/g, "_");
  const folder = `${facts.environmentsFolder}/${key}`;
  const gpu = facts.gpus.length > 0 && options.arguments.device !== "cpu";
  const exact = options.version === "latest" ? null : options.version;
  const expected = JSON.stringify({ version: exact, oldest: oldestUltralytics, gpu });
  const settings = JSON.stringify({
    folder,
    version: exact,
    backend: kind.backend,
    pins: kind.pins,
    reason: kind.reason,
    // Needed for several GPUs, and otherwise installed by Ultralytics itself in mid-run.
    extras: facts.gpus.length > 1 ? ["cloudpickle>=3.1.1"] : [],
    neededBytes: environmentBytes,
  });
  const probe = pythonProgram("probe.py");
  const install = pythonProgram("install/running.py", "install/uv.py", "install/environment.py");
  return {
    key,
    folder,
    works: { argv: ["sh", "-c", worksScript, "unitrain", folder, probe, expected] },
    install: {
      argv: ["sh", "-c", installScript, "unitrain", install, settings],
      env: { PYTHONUNBUFFERED: "1" },
    },
    verify: { argv: ["sh", "-c", verifyScript, "unitrain", folder, probe, expected, String(gpuSeconds)] },
    explain,
  };
}

/** What `works` and `verify` print when all is well. */
export interface FoundEnvironment {
  readonly python: string;
  readonly ultralytics: string;
  readonly torch: string;
  readonly devices: number;
}

/** Out of their output, which may hold other lines; undefined when it is not in there. */
export function foundEnvironment(output: string): FoundEnvironment | undefined {
  for (const line of output.split(/\r?\n/).reverse()) {
    if (!line.startsWith('{"python"')) continue;
    try {
      return JSON.parse(line) as FoundEnvironment;
    } catch {
      // Cut in the middle: an earlier line may be whole.
    }
  }
  return undefined;
}

import type { Environment, MachineFacts } from "@unitrain/core/spec";
import { parseGpuNumbers } from "../job/devices.ts";
import type { CheckedOptions } from "../options/options.ts";
import { includesUltralytics } from "../options/packages.ts";
import { oldestVersion } from "../options/version.ts";
import { readInstaller, readPythonProgram } from "../python-program.ts";
import { explainEnvironmentFailure } from "./explain-failure.ts";
import { readVersions } from "./found-environment.ts";
import { chooseRequirements } from "./requirements.ts";
import { getEnvironmentRoom } from "./room.ts";
import { chooseTorchBuild } from "./torch-build.ts";

/** Seconds to wait for a GPU, which may be listed minutes before it works (dstack#2348). */
const gpuSeconds = 180;

/** Checks the installed environment first, then the machine's own Python, then the one that its `yolo` program uses. */
const checkAnyScript = `
for python in "$1/bin/python" python3 python "$(sed -n '1s/^#! *//p' "$(command -v yolo)" 2>/dev/null)"; do
  case "$python" in
    "") continue ;;
    "$1"/*) [ -f "$1/.unitrain-complete" ] && [ -x "$python" ] || continue; PYTHONPATH= PYTHONHOME= "$python" -c "$2" "$3" && exit 0 ;;
    *) command -v "$python" >/dev/null 2>&1 || continue; PYTHONPATH= "$python" -c "$2" "$3" && exit 0 ;;
  esac
done
exit 1`;

/** Checks only the installed environment, because no other has the requested packages. */
const checkOwnScript = `
[ -f "$1/.unitrain-complete" ] && PYTHONPATH= PYTHONHOME= exec "$1/bin/python" -c "$2" "$3"
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

/** Creates the environment of a machine: one for each version of Ultralytics, build of torch and set of packages. */
export function createEnvironment(options: CheckedOptions, facts: MachineFacts): Environment {
  const kind = chooseTorchBuild(facts);
  const { version, extras, pins, newestPython, hasOwnUltralytics, name } = chooseRequirements(
    options,
    facts,
    kind,
  );
  const folder = `${facts.environmentsFolder}/${name}`;
  const room = getEnvironmentRoom(facts);
  const devices = options.arguments.device;
  const gpu = facts.gpus.length > 0 && devices !== "cpu" && devices !== "mps";
  const expected = JSON.stringify({
    version,
    oldest: oldestVersion,
    gpu,
    devices:
      gpu && devices !== undefined && devices !== null
        ? parseGpuNumbers(devices).filter((at) => at >= 0)
        : [],
  });
  const settings = JSON.stringify({
    folder,
    version,
    // Null when the packages include a fork, which is installed instead.
    ultralytics: includesUltralytics(options.pip)
      ? null
      : `ultralytics${version === null ? "" : `==${version}`}`,
    backend: kind.backend,
    pins,
    reason: kind.reason,
    extras,
    newestPython,
    ...room,
  });
  const probe = readPythonProgram("probe.py");
  const install = readInstaller();
  return {
    key: name,
    folder,
    room,
    checkCommand: {
      argv: [
        "sh",
        "-c",
        hasOwnUltralytics ? checkOwnScript : checkAnyScript,
        "unitrain",
        folder,
        probe,
        expected,
      ],
    },
    install: {
      argv: ["sh", "-c", installScript, "unitrain", install, settings],
      env: { PYTHONUNBUFFERED: "1" },
    },
    verify: { argv: ["sh", "-c", verifyScript, "unitrain", folder, probe, expected, String(gpuSeconds)] },
    explain: explainEnvironmentFailure,
    versions: (output) => readVersions(output, facts),
  };
}

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";
import type { Environment, EnvironmentRoom, MachineFacts } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { explainEnvironmentFailure } from "./explain-failure.ts";
import { hashRequirements, type Requirements, readRequirements } from "./requirements.ts";

/** Linux takes at most 128 KiB for one argument, which a lock file exceeds. */
const chunkLength = 100_000;

/** Prints the versions of an environment's packages as JSON. */
const probe = `
import json, platform, sys
versions = {"python": platform.python_version()}
try:
    from importlib import metadata
    for name in ("torch", "tensorflow", "jax", "transformers", "lightning", "pytorch-lightning", "scikit-learn", "xgboost", "numpy"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
except ImportError:
    pass
print(json.dumps({"unitrain-versions": versions}))
`;

const checkScript = `
[ -f "$1/.unitrain-complete" ] && PYTHONPATH= PYTHONHOME= exec "$1/bin/python" -c "$2"
exit 1`;

/** The machine's own programs are used as they are, whether there is a Python or not. */
const ownScript = `
for python in python3 python; do
  command -v "$python" >/dev/null 2>&1 && "$python" -c "$2" && break
done
exit 0`;

const installScript = `
for oldest in 9 6; do
  for python in python3 python3.13 python3.12 python3.11 python3.10 python3.9 python /opt/conda/bin/python3; do
    if "$python" -c "import sys; sys.exit(sys.version_info < (3, $oldest))" 2>/dev/null; then exec "$python" -c "$@"; fi
  done
done
echo 'unitrain-environment-error: {"code": "no-python", "detail": ""}'
exit 1`;

/** Creates the environment: one for each content of the files that name the packages. */
export function createEnvironment(options: CheckedOptions, facts: MachineFacts): Environment {
  const requirements = readRequirements(options);
  const { kind, files, python } = requirements;
  const key =
    kind === "none"
      ? "script-none"
      : `script-${hashRequirements(requirements, options.pip)}-${facts.architecture}`.replace(
          /[^\w.-]/g,
          "_",
        );
  const folder = `${facts.environmentsFolder}/${key}`;
  const look = (script: string) => ({ argv: ["sh", "-c", script, "unitrain", folder, probe] });
  const common = { key, folder, versions: readVersions, explain: explainEnvironmentFailure };
  if (kind === "none") {
    const found = look(ownScript);
    return { ...common, checkCommand: found, install: { argv: ["true"] }, verify: found };
  }
  const room = getRoom(requirements, options.pip);
  const settings = { folder, kind, pip: options.pip, python: python ?? null, hasTorch: room.hasTorch };
  const content = deflateSync(JSON.stringify(files)).toString("base64");
  const chunks = content.match(new RegExp(`.{1,${chunkLength}}`, "gs")) ?? [];
  const { leastBytes, neededBytes } = room;
  const argument = JSON.stringify({ ...settings, reason: null, leastBytes, neededBytes });
  return {
    ...common,
    room: { leastBytes, neededBytes },
    checkCommand: look(checkScript),
    install: {
      argv: ["sh", "-c", installScript, "unitrain", readInstaller(), argument, ...chunks],
      env: { PYTHONUNBUFFERED: "1" },
    },
    verify: look(checkScript),
  };
}

/** Packages whose wheels take gigabytes. */
const large = /\b(?:torch|tensorflow|jax|vllm|lightning|nvidia-\w+)\b/i;

function getRoom(
  { files }: Requirements,
  pip: readonly string[],
): EnvironmentRoom & { readonly hasTorch: boolean } {
  const text = [...Object.values(files), ...pip].join("\n");
  const hasTorch = /\b(?:torch|lightning|transformers|accelerate|timm)\b/i.test(text);
  const sizes = large.test(text)
    ? { leastBytes: 3e9, neededBytes: 12e9 }
    : { leastBytes: 2e8, neededBytes: 2e9 };
  return { ...sizes, hasTorch };
}

/** Reads the program that installs the environment: the parts of core, which are the same for all frameworks, then our own. */
function readInstaller(): string {
  const core = pathToFileURL(createRequire(import.meta.url).resolve("@unitrain/core/package.json"));
  const shared = ["running", "variables", "uv", "installing"].map(
    (name) => new URL(`python/${name}.py`, core),
  );
  return [...shared, new URL(`../${isSource ? "../" : ""}python/install.py`, import.meta.url)]
    .map((url) => readFileSync(url, "utf8"))
    .join("\n\n");
}

/** From source, this file is one folder deeper than the built one. */
const isSource = import.meta.url.endsWith("/src/environment/environment.ts");

function readVersions(output: string): Readonly<Record<string, string>> {
  for (const line of output.split(/\r?\n/).reverse()) {
    if (!line.startsWith('{"unitrain-versions"')) continue;
    try {
      return (JSON.parse(line) as { "unitrain-versions": Record<string, string> })["unitrain-versions"];
    } catch {
      return {};
    }
  }
  return {};
}

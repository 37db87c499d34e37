import type { FailureExplanation } from "@unitrain/core/spec";
import { saysDiskFull, saysOutOfMemory } from "../job/messages.ts";

/** The last line that the installer prints when it fails. */
const failurePattern = /^unitrain-environment-error: (\{.*\})\s*$/gm;
const killedExitCode = 137;

const explanations: Readonly<Record<string, (detail: string) => FailureExplanation>> = {
  "no-python": () => ({
    message: "The machine has no Python 3.",
    hint: "Install Python 3.9 or newer there (Debian and Ubuntu: `apt-get install python3-venv`), or choose an image that has it.",
  }),
  "no-such-python": (detail) => ({
    message: `The requested version of Python cannot be used: ${detail}`,
    hint: "Choose another one (--python 3.12, .python-version, or requires-python in pyproject.toml), or install it on the machine.",
  }),
  "no-uv": (detail) => ({
    message: `The machine has no uv, and it could not be installed there: the requirements need it (${detail}).`,
    hint: "Install uv there (https://docs.astral.sh/uv), or name a requirements.txt with --requirements.",
  }),
  "no-pip": (detail) => ({
    message: `Nothing on the machine can install Python packages: ${detail}.`,
    hint: "Install uv there, or python3-venv and python3-pip (Debian and Ubuntu: `apt-get install python3-venv python3-pip`).",
  }),
  "no-network": (detail) => ({
    message: `The machine cannot reach the Python package index: ${detail}`,
    hint: "Give it access to the index, set a mirror there (UV_INDEX_URL and PIP_INDEX_URL), or use the packages of its image with --requirements none.",
  }),
  "untrusted-certificate": (detail) => ({
    message: `The machine does not trust the certificate of its package index: ${detail}`,
    hint: "Install the certificate of your proxy among the machine's own, or name a file that has it: `--env SSL_CERT_FILE=/path/on/the/machine.pem`.",
  }),
  "bad-file": (detail) => ({
    message: `The file with the requirements cannot be read: ${detail}`,
    hint: "Correct it; `uv pip compile requirements.txt` or `uv lock` on this computer shows the line.",
  }),
  "stale-lock": (detail) => ({
    message: `uv.lock does not fit pyproject.toml: ${detail}`,
    hint: "Run `uv lock` on this computer.",
  }),
  "no-wheel": (detail) => ({
    message: `A package has no build for the machine's Python or processor: ${detail}`,
    hint: "Choose another version of the package or of Python (--python 3.12).",
  }),
  "disk-full": (detail) => ({
    message: `The disk of the machine is too small for the environment: ${detail}.`,
    hint: "Free disk space there (old environments and uv's cache are below ~/.cache), or use a machine with a larger disk.",
  }),
  "no-memory": (detail) => ({
    message: `The machine ran out of memory while it installed the environment: ${detail}`,
    hint: "Raise the limit of the container or of the scheduler, or use a machine with more memory.",
  }),
  "no-such-package": (detail) => ({
    message: `A required package is not on the package index: ${detail}`,
    hint: "Check its name and version in the file with the requirements, or in --pip.",
  }),
  "packages-conflict": (detail) => ({
    message: `The required packages cannot be installed together: ${detail}`,
    hint: "Loosen their versions, or choose another version of Python (--python 3.12).",
  }),
  "no-git": () => ({
    message: "A package comes from a git repository, but there is no git on the machine.",
    hint: "Install git there (Debian and Ubuntu: `apt-get install git`), or name an archive: `https://…/main.zip`.",
  }),
  "no-repository": (detail) => ({
    message: `A package's git repository cannot be fetched by the machine: ${detail}`,
    hint: "Check its address and branch. For a private repository, give the machine its own login, or copy the source into the folder of the code.",
  }),
  "install-failed": (detail) => ({
    message: `The environment could not be installed on the machine: ${detail}`,
    hint: "Read the log of the installation.",
  }),
};

/** Explains a failed installation from the end of its output; undefined for an unknown failure. */
export function explainEnvironmentFailure(output: string, exitCode?: number): FailureExplanation | undefined {
  const last = [...output.matchAll(failurePattern)].at(-1)?.[1];
  if (last !== undefined) return explainReported(last);
  if (saysDiskFull(output)) return explanations["disk-full"]?.("no space is left on it");
  if (saysOutOfMemory(output) || exitCode === killedExitCode)
    return explanations["no-memory"]?.("it was killed, or an allocation failed.");
  return undefined;
}

function explainReported(json: string): FailureExplanation | undefined {
  try {
    const { code, detail } = JSON.parse(json) as { code: string; detail: string };
    if (code === "install-failed" && saysDiskFull(detail)) return explanations["disk-full"]?.(detail);
    if (code === "install-failed" && saysOutOfMemory(detail)) return explanations["no-memory"]?.(detail);
    return explanations[code]?.(detail);
  } catch {
    // The JSON is invalid when a secret within it was masked.
    return undefined;
  }
}

import { saysDiskFull, saysOutOfMemory } from "../failure/messages.ts";

/** The last line that unitrain's programs on the machine print when they fail. */
const failurePattern = /^unitrain-environment-error: (\{.*\})\s*$/gm;

type Explanation = { readonly message: string; readonly hint: string };

const explanations: Readonly<Record<string, (detail: string) => Explanation>> = {
  "no-python": () => ({
    message: "The machine has no Python 3.",
    hint: "Install Python 3.9 or newer there (Debian and Ubuntu: `apt-get install python3-venv`), or choose an image that has it.",
  }),
  "python-too-old": (detail) => ({
    message: `The machine's Python is too old for Ultralytics: ${detail}.`,
    hint: "Install Python 3.10 or newer there, or install uv, which fetches one (https://docs.astral.sh/uv).",
  }),
  "no-pip": (detail) => ({
    message: `Nothing on the machine can install Python packages: ${detail}.`,
    hint: "Install uv there, or python3-venv and python3-pip (Debian and Ubuntu: `apt-get install python3-venv python3-pip`).",
  }),
  "no-network": (detail) => ({
    message: `The machine cannot reach the Python package index: ${detail}`,
    hint: "Give it access to the index, or set a mirror there (UV_INDEX_URL and PIP_INDEX_URL), or use an image that has Ultralytics.",
  }),
  "untrusted-certificate": (detail) => ({
    message: `The machine does not trust the certificate of its package index, as behind a proxy that inspects TLS: ${detail}`,
    hint: "Install the proxy's certificate among the machine's own (Debian and Ubuntu: `update-ca-certificates`), or name a file that has it: `--env SSL_CERT_FILE=/path/on/the/machine.pem`.",
  }),
  "disk-full": (detail) => ({
    message: `The disk of the machine is too small for the environment: ${detail}.`,
    hint: "Free disk space there (old environments and uv's cache are below ~/.cache), or use a machine with a larger disk.",
  }),
  "no-memory": (detail) => ({
    message: `The machine ran out of memory while it installed or loaded Ultralytics: ${detail}`,
    hint: "Raise the limit there (`ulimit -v unlimited`, the memory limit of the container or of the scheduler), or take a machine with more memory; torch alone needs several GB.",
  }),
  "no-such-version": (detail) => ({
    message: `There is no such version of Ultralytics: ${detail}`,
    hint: "Use a version that `pip index versions ultralytics` lists, or leave `version` out for the newest.",
  }),
  "no-such-package": (detail) => ({
    message: `A requested package is not on the package index: ${detail}`,
    hint: "Check the name and version in `pip`.",
  }),
  "packages-conflict": (detail) => ({
    message: `The requested packages cannot be installed together: ${detail}`,
    hint: "Loosen the versions in `pip`, or train with another `version` of Ultralytics.",
  }),
  "no-git": () => ({
    message: "A package comes from a git repository, but there is no git on the machine.",
    hint: "Install git there (Debian and Ubuntu: `apt-get install git`), or name an archive: `https://…/main.zip`.",
  }),
  "no-repository": (detail) => ({
    message: `A package's git repository cannot be fetched by the machine: ${detail}`,
    hint: "Check its address and branch. For a private repository, give the machine its own login, or ship the source with `code`.",
  }),
  "other-version": (detail) => ({
    message: `The environment has a different version of Ultralytics than requested: ${detail}.`,
    hint: "Leave `version` out, or remove the environment's folder on the machine so that it is installed again.",
  }),
  "not-installed": (detail) => ({
    message: `Ultralytics is not installed in the environment: ${detail}.`,
    hint: "Remove the environment's folder on the machine so that it is installed again.",
  }),
  "import-failed": (detail) => ({
    message: `Ultralytics does not load on the machine: ${detail}.`,
    hint: "Remove the environment's folder on the machine so that it is installed again. For details, run `python -c 'import ultralytics'` there.",
  }),
  "gpu-unseen": (detail) => ({
    message: `The machine's GPU cannot be used: ${detail}.`,
    hint: "Check `nvidia-smi` there; a reboot or a newer driver often helps. To train without the GPU, use device=cpu.",
  }),
  "gpu-not-ready": (detail) => ({
    message: `The machine's GPUs were not ready within three minutes (error 802: NVSwitch and fabric manager are still starting): ${detail}.`,
    hint: "Check `systemctl status nvidia-fabricmanager` there, and try again in a few minutes; if that fails, use another machine.",
  }),
  "no-kernels": (detail) => ({
    message: `This build of torch has no kernels for the machine's GPU: ${detail}.`,
    hint: "Use another `version` of Ultralytics, or another kind of GPU. To train without the GPU, use device=cpu.",
  }),
  "driver-too-old": (detail) => ({
    message: `The NVIDIA driver of the machine is too old for torch: ${detail}.`,
    hint: "Use an image with a newer driver (525 or newer, 580 for current torch). To train without the GPU, use device=cpu.",
  }),
  "install-failed": (detail) => ({
    message: `Ultralytics could not be installed on the machine: ${detail}`,
    hint: "Read the log of the installation.",
  }),
};

const killedExitCode = 137;

/** Explains a failed `install` or `verify` from the end of its output; undefined for an unknown failure. */
export function explainEnvironmentFailure(output: string, exitCode?: number): Explanation | undefined {
  const last = [...output.matchAll(failurePattern)].at(-1)?.[1];
  if (last !== undefined) return explainReportedFailure(last);
  if (saysDiskFull(output)) return explanations["disk-full"]?.("no space is left on it");
  if (saysOutOfMemory(output)) return explanations["no-memory"]?.(getLastLine(output));
  if (exitCode === killedExitCode) return explanations["no-memory"]?.("it was killed (signal 9).");
  return undefined;
}

const getLastLine = (output: string): string => output.trimEnd().split("\n").at(-1) ?? "";

/** Generic failures, for which a more specific cause is searched in the detail, such as a full disk. */
const generalCodes: ReadonlySet<string> = new Set(["import-failed", "install-failed"]);

function explainReportedFailure(json: string): Explanation | undefined {
  try {
    const { code, detail } = JSON.parse(json) as { code: string; detail: string };
    if (generalCodes.has(code) && saysDiskFull(detail)) return explanations["disk-full"]?.(detail);
    if (generalCodes.has(code) && saysOutOfMemory(detail)) return explanations["no-memory"]?.(detail);
    return explanations[code]?.(detail);
  } catch {
    // The JSON is invalid when a secret within it was masked.
    return undefined;
  }
}

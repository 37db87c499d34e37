import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { availableParallelism, homedir, hostname, totalmem } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { type BorrowedOffer, formatBytes, type MachineRequest, UnitrainError } from "@unitrain/core/spec";

const nvidiaTimeoutMs = 10_000;

/** Returns what this computer has. Throws when that is less than the request needs. */
export async function quoteThisComputer(
  request: MachineRequest,
  workFolder = "~/.unitrain/1",
  signal?: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<BorrowedOffer> {
  if (platform === "win32") throw windowsError();
  const folder = workFolder.startsWith("~/") ? join(homedir(), workFolder.slice(2)) : workFolder;
  const [gpus, diskBytes] = await Promise.all([listNvidiaGpus(signal), getFreeBytes(folder)]);
  const [gpu] = gpus;
  const offer = {
    machine: `this computer (${hostname()})`,
    gpus: gpus.length,
    ...(gpu === undefined ? {} : { gpu }),
    cpus: availableParallelism(),
    ramBytes: totalmem(),
    diskBytes,
    available: "yes",
  } satisfies BorrowedOffer;
  refuseTooSmall(request, offer, folder);
  return offer;
}

function refuseTooSmall(
  request: MachineRequest,
  offer: BorrowedOffer & { readonly gpus: number },
  folder: string,
): void {
  const requirements = [
    ["GPUs", request.gpus, offer.gpus, String],
    ["GPU memory", request.gpuMemoryBytes, offer.gpu?.memoryBytes, formatBytes],
    ["memory", request.ramBytes, offer.ramBytes, formatBytes],
    [`free disk at ${folder}`, request.diskBytes, offer.diskBytes, formatBytes],
  ] as const;
  for (const [quantity, wanted = 0, available = 0, format] of requirements) {
    if (wanted <= available) continue;
    throw new UnitrainError(
      "NOT_AVAILABLE",
      `This computer has ${format(available)} ${quantity}; ${format(wanted)} are needed.`,
      {
        hint: "Request less, free some space, or train on another machine.",
      },
    );
  }
  const { gpu } = request;
  if (gpu === undefined || offer.gpu?.name.toLowerCase().includes(gpu.toLowerCase())) return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `This computer has no ${gpu}${offer.gpu ? ` but ${offer.gpu.name}` : ""}.`,
    {
      hint: "Do not request a GPU by name, or train on another machine.",
    },
  );
}

async function listNvidiaGpus(
  signal?: AbortSignal,
): Promise<readonly { name: string; memoryBytes: number }[]> {
  if (!isOnPath("nvidia-smi")) return [];
  try {
    const { stdout } = await promisify(execFile)(
      "nvidia-smi",
      ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"],
      { timeout: nvidiaTimeoutMs, ...(signal === undefined ? {} : { signal }) },
    );
    return stdout
      .split("\n")
      .map((line) => /^(.*), *(\d+)\s*$/.exec(line))
      .flatMap((found) =>
        found ? [{ name: found[1] ?? "", memoryBytes: Number(found[2]) * 1024 * 1024 }] : [],
      );
  } catch {
    // There is no working NVIDIA driver. Other faults show when the training looks for a GPU.
    signal?.throwIfAborted();
    return [];
  }
}

/** Searches the PATH, because starting a missing program costs a fork of this process. */
const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));

/** Returns the free bytes of the disk of a folder, which need not exist yet. */
async function getFreeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) throw error;
    return getFreeBytes(parent);
  }
}

function windowsError(): UnitrainError {
  return new UnitrainError("UNSUPPORTED_PLATFORM", "Cannot train on Windows itself.", {
    hint: "Install WSL (`wsl --install`) and run the same command in it, or train on another machine.",
  });
}

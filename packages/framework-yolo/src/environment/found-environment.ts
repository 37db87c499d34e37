import type { MachineFacts } from "@unitrain/core/spec";

/** What `checkCommand` and `verify` print on success. */
export interface FoundEnvironment {
  readonly python: string;
  readonly pythonVersion?: string;
  readonly ultralytics: string;
  readonly torch: string;
  readonly torchvision?: string;
  /** The CUDA version that torch was built for; null for a build without CUDA. */
  readonly torchCuda?: string | null;
  readonly devices: number;
}

/** Parses their output, which may contain other lines; undefined when no line matches. */
export function parseFoundEnvironment(output: string): FoundEnvironment | undefined {
  for (const line of output.split(/\r?\n/).reverse()) {
    if (!line.startsWith('{"python"')) continue;
    try {
      return JSON.parse(line) as FoundEnvironment;
    } catch {
      // The line is truncated; an earlier one may be complete.
    }
  }
  return undefined;
}

/** Returns the versions that the receipt records. */
export function readVersions(output: string, facts: MachineFacts): Readonly<Record<string, string>> {
  const found = parseFoundEnvironment(output);
  if (found === undefined) return {};
  const versions = {
    ultralytics: found.ultralytics,
    torch: found.torch,
    torchvision: found.torchvision,
    python: found.pythonVersion,
    cuda: found.devices > 0 ? found.torchCuda : undefined,
    driver: facts.gpuDriver,
  };
  return Object.fromEntries(
    Object.entries(versions).filter((pair): pair is [string, string] => Boolean(pair[1])),
  );
}

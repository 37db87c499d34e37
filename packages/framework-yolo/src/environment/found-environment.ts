import type { MachineFacts } from "@unitrain/core/spec";

/** What `checkCommand` and `verify` print when all is well. */
export interface FoundEnvironment {
  readonly python: string;
  readonly pythonVersion?: string;
  readonly ultralytics: string;
  readonly torch: string;
  readonly torchvision?: string;
  /** What torch was built for; null without a GPU's. */
  readonly torchCuda?: string | null;
  readonly devices: number;
}

/** Out of their output, which may hold other lines; undefined when it is not in there. */
export function parseFoundEnvironment(output: string): FoundEnvironment | undefined {
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

/** What of it is kept in the receipt. */
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

import { createHash } from "node:crypto";
import type { MachineFacts } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { includesUltralytics } from "../options/packages.ts";
import { isBefore } from "../options/version.ts";
import type { TorchBuild } from "./torch-build.ts";

/** What is installed, and what the environment is called by it. */
export interface Requirements {
  /** Its key. */
  readonly name: string;
  /** The Ultralytics that must be there; null for any. */
  readonly version: string | null;
  /** Packages beside Ultralytics. */
  readonly extras: readonly string[];
  /** Of torch, where the package index is all there is. */
  readonly pins: readonly string[];
  /** `3.12` where newer ones have no wheels of what is needed. */
  readonly newestPython: string | null;
  /** No environment of the machine's own will do. */
  readonly hasOwnUltralytics: boolean;
}

/** These load models in a way that torch 2.6 refuses, and call what NumPy 2 has not. */
const legacy = {
  before: "8.2.0",
  pins: ["torch<2.6", "torchvision<0.21"],
  extras: ["numpy<2", "setuptools<81"],
  newestPython: "3.12",
};

/** By the options, and by the build of torch that the machine needs. */
export function chooseRequirements(
  options: CheckedOptions,
  facts: MachineFacts,
  kind: TorchBuild,
): Requirements {
  const fork = includesUltralytics(options.pip) && !options.versionNamed;
  const isLegacy = isBefore(options.version, legacy.before);
  const extraPackages = [...options.pip, ...options.track];
  const parts = ["ultralytics", fork ? "own" : options.version, kind.name, facts.architecture];
  if (extraPackages.length > 0) parts.push(hashRequirements(extraPackages));
  return {
    name: parts.join("-").replace(/[^\w.-]/g, "_"),
    version: fork || options.version === "latest" ? null : options.version,
    extras: [
      ...extraPackages,
      ...(isLegacy ? legacy.extras : []),
      // Needed for several GPUs, and otherwise installed by Ultralytics itself in mid-run.
      ...(facts.gpus.length > 1 ? ["cloudpickle>=3.1.1"] : []),
    ],
    pins: isLegacy ? legacy.pins : kind.pins,
    newestPython: isLegacy ? legacy.newestPython : null,
    hasOwnUltralytics: extraPackages.length > 0 || isLegacy,
  };
}

const hashRequirements = (requirements: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(requirements)).digest("hex").slice(0, 10);

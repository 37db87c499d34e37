import { createHash } from "node:crypto";
import type { MachineFacts } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { includesUltralytics } from "../options/packages.ts";
import { isBefore } from "../options/version.ts";
import type { TorchBuild } from "./torch-build.ts";

/** What an environment contains, and its name. */
export interface Requirements {
  /** The environment's key. */
  readonly name: string;
  /** The required version of Ultralytics; null for any. */
  readonly version: string | null;
  /** Packages in addition to Ultralytics. */
  readonly extras: readonly string[];
  /** Requirements for torch, for installations from the default package index. */
  readonly pins: readonly string[];
  /** The newest Python that has wheels for all packages, such as `3.12`; null for any. */
  readonly newestPython: string | null;
  /** The machine's own Python environments cannot be used. */
  readonly hasOwnUltralytics: boolean;
}

/** Versions that load models in a way that torch 2.6 rejects, and use functions that NumPy 2 removed. */
const legacy = {
  before: "8.2.0",
  pins: ["torch<2.6", "torchvision<0.21"],
  extras: ["numpy<2", "setuptools<81"],
  newestPython: "3.12",
};

/** Chooses the requirements from the options and the machine's build of torch. */
export function chooseRequirements(
  options: CheckedOptions,
  facts: MachineFacts,
  kind: TorchBuild,
): Requirements {
  const fork = includesUltralytics(options.pip) && !options.isVersionSet;
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
      // Needed for several GPUs. Ultralytics would install it during the run.
      ...(facts.gpus.length > 1 ? ["cloudpickle>=3.1.1"] : []),
    ],
    pins: isLegacy ? legacy.pins : kind.pins,
    newestPython: isLegacy ? legacy.newestPython : null,
    hasOwnUltralytics: extraPackages.length > 0 || isLegacy,
  };
}

const hashRequirements = (requirements: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(requirements)).digest("hex").slice(0, 10);

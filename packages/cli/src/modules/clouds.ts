import type { Provider } from "@unitrain/core";

/** A cloud whose provider comes with this package. */
export interface Cloud {
  /** The word after `--on`: `canopywave`, or `canopywave/<region>`. */
  readonly word: string;
  /** The name for people. */
  readonly title: string;
  /** The environment variable of its API key. */
  readonly keyVariable: string;
  /** The module of the provider. */
  readonly module: string;
  readonly load: () => Promise<unknown>;
  /** Creates the provider. Requirements such as the GPU and the price are part of the plan's request. */
  readonly create: (options: { readonly region?: string }) => Promise<Provider>;
}

/**
 * All clouds. `--on`, its completion and errors, `unitrain login`, `offers` and `doctor` follow from this table; the packages are
 * loaded when they are used.
 */
export const clouds: readonly Cloud[] = [
  {
    word: "canopywave",
    title: "CanopyWave",
    keyVariable: "CANOPYWAVE_API_KEY",
    module: "@unitrain/provider-canopywave",
    load: () => import("@unitrain/provider-canopywave"),
    create: async (options) => (await import("@unitrain/provider-canopywave")).canopywave(options),
  },
  {
    word: "lambda",
    title: "Lambda",
    keyVariable: "LAMBDA_API_KEY",
    module: "@unitrain/provider-lambda",
    load: () => import("@unitrain/provider-lambda"),
    create: async (options) => (await import("@unitrain/provider-lambda")).lambda(options),
  },
  {
    word: "runpod",
    title: "RunPod",
    keyVariable: "RUNPOD_API_KEY",
    module: "@unitrain/provider-runpod",
    load: () => import("@unitrain/provider-runpod"),
    create: async (options) => (await import("@unitrain/provider-runpod")).runpod(options),
  },
];

export const cloudWords: readonly string[] = clouds.map(({ word }) => word);

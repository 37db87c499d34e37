import {
  type Emulator as CanopyWaveEmulator,
  type EmulatorOptions as CanopyWaveEmulatorOptions,
  startEmulator as startCanopyWave,
} from "@unitrain/cloud-emulator/canopywave";
import {
  type Emulator as LambdaEmulator,
  startEmulator as startLambda,
} from "@unitrain/cloud-emulator/lambda";
import {
  type Emulator as RunPodEmulator,
  startEmulator as startRunPod,
} from "@unitrain/cloud-emulator/runpod";
import type { VirtualClock } from "@unitrain/conformance";
import type { Provider } from "@unitrain/core/spec";
import { canopywave } from "@unitrain/provider-canopywave";
import { lambda } from "@unitrain/provider-lambda";
import { runpod } from "@unitrain/provider-runpod";

export type CloudEmulator = CanopyWaveEmulator | LambdaEmulator | RunPodEmulator;

interface ProviderOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly now: () => number;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

/** How a cloud is emulated, and the provider that rents from it. */
export interface Cloud<E extends CloudEmulator = CloudEmulator> {
  readonly start: (folder: string, clock: VirtualClock) => Promise<E>;
  readonly createProvider: (options: ProviderOptions) => Provider;
}

export const canopyWaveCloud = (
  options: Partial<CanopyWaveEmulatorOptions> = {},
): Cloud<CanopyWaveEmulator> => ({
  start: (folder, clock) => startCanopyWave({ folder, clock, ...options }),
  createProvider: (common) => canopywave({ ...common, gpu: "H100" }),
});

export const lambdaCloud: Cloud<LambdaEmulator> = {
  start: (folder, clock) => startLambda({ folder, clock, limitsLaunches: true }),
  createProvider: (common) => lambda({ ...common, gpu: "H100:1" }),
};

export const runPodCloud: Cloud<RunPodEmulator> = {
  start: (folder, clock) => startRunPod({ folder, clock }),
  createProvider: (common) => runpod({ ...common, gpu: "RTX 4090" }),
};

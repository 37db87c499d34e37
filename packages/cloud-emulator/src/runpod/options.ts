import * as z from "zod";
import { type BaseOptions, baseOptions } from "../emulator/options.ts";
import { defaultCpus, defaultGpus, type PodCpu, type PodGpu } from "./catalog.ts";
import { type FaultName, isFaultName } from "./faults/table.ts";

const schema = z.strictObject({
  ...baseOptions(isFaultName),
  gpus: z.custom<readonly PodGpu[]>(Array.isArray).default(defaultGpus),
  cpus: z.custom<readonly PodCpu[]>(Array.isArray).default(defaultCpus),
  balanceUsd: z.number().default(100),
  accountId: z.string().default("user_emulated"),
});

/**
 * Options of `startEmulator()`. All times are in milliseconds.
 *
 * @example
 * ```ts
 * import type { EmulatorOptions } from "@unitrain/cloud-emulator/runpod";
 *
 * const options: EmulatorOptions = { folder: "/tmp/cloud", machines: "none", balanceUsd: 0 };
 * ```
 */
export interface EmulatorOptions extends BaseOptions<FaultName> {
  readonly gpus?: readonly PodGpu[] | undefined;
  readonly cpus?: readonly PodCpu[] | undefined;
  readonly balanceUsd?: number | undefined;
  /** The id of the account, which GraphQL tells. */
  readonly accountId?: string | undefined;
}

export type CheckedOptions = z.output<typeof schema>;

/** Strict: an option that does not exist is named. */
export function checkOptions(options: EmulatorOptions): CheckedOptions {
  return schema.parse(options);
}

import * as z from "zod";
import { type BaseOptions, baseOptions } from "../emulator/options.ts";
import { defaultFlavors, defaultImages, defaultProjects, defaultRegions, type Flavor } from "./catalog.ts";
import { type FaultName, isFaultName } from "./faults/table.ts";

const flavor = z.strictObject({
  flavor: z.string().min(1),
  name: z.string().min(1),
  specs: z.string(),
  priceCentsPerHour: z.number().nonnegative(),
  priceHour: z.string(),
  images: z.array(z.string()).min(1).readonly(),
  regions: z.array(z.string()).readonly().optional(),
  upfrontHours: z.number().nonnegative().optional(),
});

const names = z.array(z.string().min(1)).min(1).readonly();

const schema = z.strictObject({
  ...baseOptions(isFaultName),
  projects: names.default(defaultProjects),
  regions: names.default(defaultRegions),
  images: names.default(defaultImages),
  flavors: z.array(flavor).min(1).readonly().default(defaultFlavors),
  balanceUsd: z.number().default(100),
  addressUsdPerHour: z.number().nonnegative().default(0.005),
  storageUsdPerGbHour: z.number().nonnegative().default(0.0001),
  addressQuota: z.int().nonnegative().default(10),
});

/**
 * Options of `startEmulator()`. All times are in milliseconds.
 *
 * @example
 * ```ts
 * import type { EmulatorOptions } from "@unitrain/cloud-emulator/canopywave";
 *
 * const options: EmulatorOptions = {
 *   folder: "/tmp/cloud",
 *   machines: "none",
 *   boot: { buildMs: 50 },
 *   random: { seed: 7, chance: 0.1, names: ["server-error", "answer-lost"] },
 * };
 * ```
 */
export interface EmulatorOptions extends BaseOptions<FaultName> {
  readonly projects?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly images?: readonly string[] | undefined;
  readonly flavors?: readonly Flavor[] | undefined;
  readonly balanceUsd?: number | undefined;
  /** Made up: the provider's page names no price. */
  readonly addressUsdPerHour?: number | undefined;
  /** Made up, as well. */
  readonly storageUsdPerGbHour?: number | undefined;
  /** Addresses that a project may hold in a region. */
  readonly addressQuota?: number | undefined;
}

export type CheckedOptions = z.output<typeof schema>;

/** Strict: an option that does not exist is named. */
export function checkOptions(options: EmulatorOptions): CheckedOptions {
  return schema.parse(options);
}

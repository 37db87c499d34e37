import * as z from "zod";
import { type BaseOptions, baseOptions } from "../emulator/options.ts";
import {
  defaultInstanceTypes,
  defaultRegions,
  type LambdaInstanceType,
  type LambdaRegion,
} from "./catalog.ts";
import { type FaultName, isFaultName } from "./faults/table.ts";

const schema = z.strictObject({
  ...baseOptions(isFaultName),
  regions: z.custom<readonly LambdaRegion[]>(Array.isArray).default(defaultRegions),
  instanceTypes: z.custom<readonly LambdaInstanceType[]>(Array.isArray).default(defaultInstanceTypes),
  imageFamilies: z.array(z.string()).readonly().default(["lambda-stack-22-04", "lambda-stack-24-04"]),
  instanceQuota: z.int().nonnegative().default(10),
  limitsLaunches: z.boolean().default(false),
});

/**
 * Options of `startEmulator()`. All times are in milliseconds.
 *
 * @example
 * ```ts
 * import type { EmulatorOptions } from "@unitrain/cloud-emulator/lambda";
 *
 * const options: EmulatorOptions = { folder: "/tmp/cloud", limitsLaunches: true };
 * ```
 */
export interface EmulatorOptions extends BaseOptions<FaultName> {
  readonly regions?: readonly LambdaRegion[] | undefined;
  readonly instanceTypes?: readonly LambdaInstanceType[] | undefined;
  /** The families of images. */
  readonly imageFamilies?: readonly string[] | undefined;
  /** Instances that the account may have. */
  readonly instanceQuota?: number | undefined;
  /** `true`: a second launch within 12 seconds is refused, as by the real cloud. */
  readonly limitsLaunches?: boolean | undefined;
}

export type CheckedOptions = z.output<typeof schema>;

/** Strict: an option that does not exist is named. */
export function checkOptions(options: EmulatorOptions): CheckedOptions {
  return schema.parse(options);
}

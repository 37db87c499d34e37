import type { PaidItem } from "../bill/bill.ts";
import type { BaseEmulator } from "../emulator/emulator.ts";
import { type CloudDefinition, startCloud } from "../emulator/start-emulator.ts";
import { addColleagueResources, type CloudSettings, createState } from "./cloud/cloud.ts";
import type { CloudState, InstanceRecord, KeyRecord } from "./cloud/records.ts";
import { getStatusAt, type InstanceStatus } from "./cloud/status.ts";
import { type FaultName, faults } from "./faults/table.ts";
import { createFailure, createSuccess } from "./http/answers.ts";
import { apiCalls } from "./http/api-calls.ts";
import type { CallName } from "./http/call.ts";
import { refuseTooManyLaunches } from "./http/rate-limit.ts";
import { type CheckedOptions, checkOptions, type EmulatorOptions } from "./options.ts";

/** A running emulator of Lambda's cloud. */
export type Emulator = BaseEmulator<InstanceRecord, KeyRecord, InstanceStatus, FaultName, CallName>;

const definition: CloudDefinition<CloudSettings, CloudState, InstanceStatus, CallName, FaultName> = {
  variablePrefix: "LAMBDA",
  apiKeyPrefix: "secret_emulated_249e1ccff1894822af39ac822637f881.",
  basePath: "/api/v1",
  imageUser: "ubuntu",
  apiCalls,
  form: { data: createSuccess, failure: createFailure },
  isAuthorized: (header, apiKey) =>
    header === `Bearer ${apiKey}` || header === `Basic ${Buffer.from(`${apiKey}:`).toString("base64")}`,
  refuse: refuseTooManyLaunches,
  faults,
  createState,
  getStatus: getStatusAt,
  listPaidItems: ({ instances }) =>
    instances.map((item): PaidItem => ({ ...item, kind: "instance", fromMs: item.launchedAtMs })),
  addColleagueResources,
};

/**
 * Starts an emulated Lambda cloud on 127.0.0.1. Its instances and bill are kept in a folder and survive a restart.
 *
 * @param options The folder is required. Durations are milliseconds.
 * @throws Error when an option is invalid, another emulator uses the folder, or real machines cannot run on this
 * computer.
 *
 * @example
 * ```ts
 * import { startEmulator } from "@unitrain/cloud-emulator/lambda";
 *
 * const emulator = await startEmulator({ folder: "/tmp/cloud" });
 * emulator.inject({ fault: "launch-answer-lost" });
 * Object.assign(process.env, emulator.variables);
 * // … train
 * console.log(emulator.bill().totalUsd);
 * await emulator.close();
 * ```
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const checked = checkOptions(options);
  const { emulator } = await startCloud(definition, createSettings(checked), checked);
  return emulator;
}

function createSettings(options: CheckedOptions): CloudSettings {
  const { regions, instanceTypes, imageFamilies, instanceQuota, limitsLaunches } = options;
  const { buildMs, terminateMs, ...boot } = options.boot;
  return { regions, instanceTypes, imageFamilies, instanceQuota, limitsLaunches, buildMs, terminateMs, boot };
}

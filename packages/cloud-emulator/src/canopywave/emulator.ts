import type { BaseEmulator } from "../emulator/emulator.ts";
import { filterAlive } from "../emulator/lifecycle.ts";
import { type CloudDefinition, startCloud } from "../emulator/start-emulator.ts";
import type { CloudSettings, Place } from "./cloud/cloud.ts";
import { addColleagueResource, addColleagueResources } from "./cloud/colleague-resources.ts";
import { listPaidItems } from "./cloud/paid-items.ts";
import type { AddressRecord, CloudState, InstanceRecord, KeyRecord } from "./cloud/records.ts";
import { getStatusAt, type InstanceStatus } from "./cloud/status.ts";
import { type FaultName, faults } from "./faults/table.ts";
import { createFailure, createSuccess } from "./http/answers.ts";
import { apiCalls } from "./http/api-calls.ts";
import type { CallName } from "./http/call.ts";
import { type CheckedOptions, checkOptions, type EmulatorOptions } from "./options.ts";

/** A running emulator of the CanopyWave cloud. */
export interface Emulator
  extends BaseEmulator<InstanceRecord, KeyRecord, InstanceStatus, FaultName, CallName> {
  /** Returns the existing addresses. */
  addresses(): readonly Readonly<AddressRecord>[];
  /** Creates a resource that belongs to a colleague. */
  addColleagueResource(kind: "instance" | "key" | "address", name?: string, place?: Partial<Place>): void;
}

const definition: CloudDefinition<CloudSettings, CloudState, InstanceStatus, CallName, FaultName> = {
  variablePrefix: "CANOPYWAVE",
  apiKeyPrefix: "cw_",
  basePath: "/api/v1",
  imageUser: "ubuntu",
  apiCalls,
  form: { data: createSuccess, failure: createFailure },
  faults,
  createState: () => ({ version: 1, instances: [], addresses: [], keys: [], storage: [] }),
  getStatus: getStatusAt,
  listPaidItems,
  addColleagueResources,
};

/**
 * Starts an emulated CanopyWave cloud on 127.0.0.1. Its resources and bill are kept in a folder and survive a restart.
 *
 * @param options The folder is required. Durations are milliseconds, prices are USD per hour.
 * @throws Error when an option is invalid, another emulator uses the folder, or real machines cannot run on this
 * computer.
 *
 * @example
 * ```ts
 * import { startEmulator } from "@unitrain/cloud-emulator/canopywave";
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
  const { cloud, emulator } = await startCloud(definition, createSettings(checked), checked);
  return {
    ...emulator,
    addresses: () => filterAlive(cloud, cloud.state.addresses),
    addColleagueResource(kind, name = "colleague", place = {}) {
      const [project = "", region = ""] = [cloud.settings.projects[0], cloud.settings.regions[0]];
      addColleagueResource(cloud, { project, region, ...place }, kind, name);
      cloud.saveChanges();
    },
  };
}

function createSettings(options: CheckedOptions): CloudSettings {
  const { projects, regions, images, flavors, balanceUsd, addressQuota } = options;
  const { buildMs, terminateMs, ...boot } = options.boot;
  return {
    projects,
    regions,
    images,
    flavors: flavors as CloudSettings["flavors"],
    balanceUsd,
    addressQuota,
    addressCentsPerHour: options.addressUsdPerHour * 100,
    storageCentsPerGbHour: options.storageUsdPerGbHour * 100,
    buildMs,
    terminateMs,
    boot,
  };
}

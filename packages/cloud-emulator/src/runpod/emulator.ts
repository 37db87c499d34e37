import { userInfo } from "node:os";
import type { BaseEmulator } from "../emulator/emulator.ts";
import { type CloudDefinition, startCloud } from "../emulator/start-emulator.ts";
import { detectMachineKind } from "../machines/kind.ts";
import {
  addColleaguePod,
  addColleaguePods,
  type CloudSettings,
  type CloudState,
  getStatusAt,
  listPaidItems,
  type PodRecord,
  type PodStatus,
} from "./cloud/cloud.ts";
import { type FaultName, faults } from "./faults/table.ts";
import { createFailure, createSuccess } from "./http/answers.ts";
import { apiCalls } from "./http/api-calls.ts";
import type { CallName } from "./http/call.ts";
import { type CheckedOptions, checkOptions, type EmulatorOptions } from "./options.ts";

/** A running emulator of the RunPod cloud. `instances()` are its pods. */
export interface Emulator
  extends BaseEmulator<PodRecord, CloudState["keys"][number], PodStatus, FaultName, CallName> {
  /** Creates a pod that belongs to a colleague. */
  addColleaguePod(name: string): void;
}

/** $0.10 per GB and month. */
const diskCentsPerGbHour = 10 / 730;

const definition: CloudDefinition<CloudSettings, CloudState, PodStatus, CallName, FaultName> = {
  variablePrefix: "RUNPOD",
  apiKeyPrefix: "rpa_",
  basePath: "",
  imageUser: "root",
  // A container: root, and the small shared memory that Docker gives it.
  image: { user: "root", sharedMemoryMb: 64 },
  apiCalls,
  form: { data: createSuccess, failure: createFailure },
  faults,
  createState: () => ({ version: 1, instances: [], addresses: [], keys: [] }),
  getStatus: getStatusAt,
  listPaidItems: (state) => listPaidItems(state, diskCentsPerGbHour),
  addColleagueResources: addColleaguePods,
};

/**
 * Starts an emulated RunPod cloud on 127.0.0.1. Its pods and bill are kept in a folder and survive a restart.
 *
 * @param options The folder is required. Durations are milliseconds.
 * @throws Error when an option is invalid, another emulator uses the folder, or real machines cannot run on this
 * computer.
 *
 * @example
 * ```ts
 * import { startEmulator } from "@unitrain/cloud-emulator/runpod";
 *
 * const emulator = await startEmulator({ folder: "/tmp/cloud" });
 * emulator.inject({ fault: "port-mapped-late" });
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
    addColleaguePod(name) {
      addColleaguePod(cloud, name);
      cloud.saveChanges();
    },
  };
}

function createSettings({
  gpus,
  cpus,
  balanceUsd,
  accountId,
  machines,
  namespaces,
  boot,
}: CheckedOptions): CloudSettings {
  const { buildMs, terminateMs, ...times } = boot;
  return {
    gpus,
    cpus,
    balanceUsd,
    accountId,
    diskCentsPerGbHour,
    sshUser: machines === "none" ? "root" : findUser(namespaces),
    buildMs,
    // A container does not announce that it boots.
    boot: { ...times, bootingUpMs: 0 },
    terminateMs,
  };
}

/** Only where this computer lets root start machines can root log in to them. */
function findUser(namespaces: boolean): string {
  const kind = detectMachineKind(namespaces);
  if (kind === "root") return "root";
  return kind === "user" ? "ubuntu" : userInfo().username;
}

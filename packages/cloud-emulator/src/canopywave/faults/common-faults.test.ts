import { startCloud } from "../../../test/cloud.ts";
import { driverKey } from "../../../test/cloud-driver.ts";
import { proveCommonFaults } from "../../../test/common-fault-proofs.ts";
import { commonFaults } from "./common-faults.ts";

proveCommonFaults(commonFaults, async () => {
  const { emulator, clock, call, launch } = await startCloud();
  return {
    emulator,
    clock,
    inject: (fault, order) => emulator.inject({ fault, ...order }),
    read: () => call("GET", "/instance-types"),
    getPrice: ({ data }) => data[0].price,
    addKey: () => call("POST", "/ssh-keys", { name: "unitrain-a-b", publicKey: driverKey }),
    removeKey: () => call("DELETE", "/ssh-keys/unitrain-a-b"),
    launch: () => launch(),
    list: () => call("GET", "/instances"),
    find: (id) => call("GET", `/instances/${id}`),
    terminate: (id) => call("POST", "/instance-operations/terminate", { id }),
    statuses: { booting: "BUILD", active: "ACTIVE", error: "ERROR", stopped: "SHUTOFF" },
    sparseField: "created",
  };
});

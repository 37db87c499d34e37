import type { FaultDialect } from "../../faults/dialect.ts";
import { createChanges } from "../../faults/instance-faults.ts";
import { createInstance, type EmulatedCloud } from "../cloud/cloud.ts";
import type { InstanceRecord } from "../cloud/records.ts";
import { createFailure, createSuccess } from "../http/answers.ts";
import type { CallName } from "../http/call.ts";
import { findInstance, readPayload } from "./kind.ts";

/** How this API expresses the faults of all clouds. */
export const dialect: FaultDialect<EmulatedCloud, CallName, InstanceRecord> = {
  data: createSuccess,
  failure: createFailure,
  calls: {
    launch: ["launch"],
    lists: ["instances", "instances-running"],
    terminate: ["terminate"],
    keyCreate: ["ssh-key-create"],
    keyDelete: ["ssh-key-delete"],
    prices: ["instance-types"],
    texts: ["instances", "instances-running", "instance", "instance-types", "ips", "regions", "projects"],
    descriptions: ["instances", "instances-running", "instance", "ips", "ssh-keys"],
  },
  textFields: ["specs", "flavor", "priceHour", "role", "server", "message"],
  requiredFields: ["id", "name", "status", "ip", "publicIp", "addresses", "keypair", "addr", "server"],
  requiredObjects: ["addresses"],
  getPayload: readPayload,
  findInstance,
  launchAgain(cloud, { project, region, name, image, ...instance }) {
    const flavor = cloud.settings.flavors.find(({ flavor }) => flavor === instance.flavor);
    if (flavor !== undefined) createInstance(cloud, { project, region }, { name, flavor, image });
  },
  acknowledge: ({ body }) => createSuccess({ id: body.id }),
  changePrices: (payload, change) =>
    listRows(payload).map((row) => {
      const price = change(Number(row.price));
      return price === undefined ? { ...row, price: null, priceHour: null } : { ...row, price };
    }),
};

export const { launched, terminated } = createChanges(dialect);

function listRows(payload: unknown): Record<string, unknown>[] {
  return Array.isArray(payload) ? (payload as Record<string, unknown>[]) : [];
}

import type { CloudFault, FaultDialect } from "../../faults/dialect.ts";
import { createChanges } from "../../faults/instance-faults.ts";
import type { FaultScene } from "../../faults/kind.ts";
import type { Reply } from "../../http/reply.ts";
import { createInstance, type EmulatedCloud } from "../cloud/cloud.ts";
import type { InstanceRecord } from "../cloud/records.ts";
import { createFailure, createSuccess } from "../http/answers.ts";
import type { CallName, CallRequest } from "../http/call.ts";

/** A fault of this cloud. */
export type FaultKind = CloudFault<EmulatedCloud, CallName>;

/** How this API expresses the faults of all clouds. */
export const dialect: FaultDialect<EmulatedCloud, CallName, InstanceRecord> = {
  data: createSuccess,
  failure: createFailure,
  calls: {
    launch: ["launch"],
    lists: ["instances"],
    terminate: ["terminate"],
    keyCreate: ["ssh-key-create"],
    keyDelete: ["ssh-key-delete"],
    prices: ["instance-types"],
    texts: ["instances", "instance", "instance-types", "regions", "images"],
    descriptions: ["instances", "instance", "ssh-keys"],
  },
  textFields: ["description", "gpu_description", "hostname"],
  requiredFields: ["id", "name", "status", "ip"],
  requiredObjects: [],
  getPayload: readPayload,
  findInstance,
  launchAgain(cloud, { name, region, image, ...instance }) {
    const type = cloud.settings.instanceTypes.find((candidate) => candidate.name === instance.instanceType);
    if (type !== undefined) createInstance(cloud, { name, region, type, image });
  },
  acknowledge: () => createSuccess({ terminated_instances: [] }),
  changePrices: (payload, change) =>
    Object.fromEntries(
      Object.entries((payload ?? {}) as Record<string, { readonly instance_type: Type }>).map(
        ([name, { instance_type: type, ...rest }]) => [
          name,
          {
            ...rest,
            instance_type: { ...type, price_cents_per_hour: change(type.price_cents_per_hour) ?? null },
          },
        ],
      ),
    ),
};

interface Type {
  readonly price_cents_per_hour: number;
}

export const { launched, terminated } = createChanges(dialect);

function readPayload(reply: Reply | undefined): unknown {
  const body = reply?.kind === "json" ? reply.body : undefined;
  return typeof body === "object" && body !== null && "data" in body ? body.data : undefined;
}

/** Finds the instance that was just launched, or that the request names. */
function findInstance({
  cloud,
  request,
  truthfulReply,
}: FaultScene<EmulatedCloud, CallRequest>): InstanceRecord | undefined {
  const payload = readPayload(truthfulReply) as { readonly instance_ids?: readonly string[] } | undefined;
  const ids = payload?.instance_ids ?? request.body.instance_ids;
  const id = Array.isArray(ids) ? ids[0] : request.id;
  return cloud.state.instances.find((instance) => instance.id === id);
}

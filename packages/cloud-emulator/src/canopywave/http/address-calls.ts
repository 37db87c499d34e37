import type { Reply } from "../../http/reply.ts";
import { createAddress, type EmulatedCloud, listAddresses } from "../cloud/cloud.ts";
import type { AddressRecord } from "../cloud/records.ts";
import { hasPort } from "../cloud/status.ts";
import { createRefusal, createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { findInstance } from "./instance-calls.ts";
import { readPlace, readText } from "./read-parameters.ts";

export function listIps(cloud: EmulatedCloud, request: CallRequest): Reply {
  return createSuccess(
    listAddresses(cloud, readPlace(cloud, request)).map(({ id, ip, instanceId }) => ({
      id,
      ip,
      server: cloud.state.instances.find((instance) => instance.id === instanceId)?.name ?? null,
      status: instanceId === null ? "DOWN" : "ACTIVE",
    })),
  );
}

export function allocateIp(cloud: EmulatedCloud, request: CallRequest): Reply {
  const place = readPlace(cloud, request);
  if (listAddresses(cloud, place).length >= cloud.settings.addressQuota) {
    throw createRefusal(409, "Quota exceeded for resources: ['floatingip'].");
  }
  const { id, ip } = createAddress(cloud, place);
  return createSuccess({ id, ip });
}

/** Associates an address. Doing it again moves the address, as in Neutron. */
export function associateIp(cloud: EmulatedCloud, request: CallRequest): Reply {
  const address = findAddress(cloud, request);
  const instance = findInstance(cloud, request, readText(request, "instanceId"));
  if (!hasPort(instance, cloud.clock.now())) {
    throw createRefusal(400, `No port found for instance ${instance.id}`);
  }
  address.instanceId = instance.id;
  return createSuccess({ instanceId: instance.id, ipId: address.id, portId: instance.portId });
}

export function disassociateIp(cloud: EmulatedCloud, request: CallRequest): Reply {
  const address = findAddress(cloud, request);
  address.instanceId = null;
  return createSuccess({ id: address.id });
}

export function releaseIp(cloud: EmulatedCloud, request: CallRequest): Reply {
  const address = findAddress(cloud, request);
  address.goneAtMs = cloud.clock.now();
  address.instanceId = null;
  return createSuccess({ id: address.id });
}

function findAddress(cloud: EmulatedCloud, request: CallRequest): AddressRecord {
  const found = listAddresses(cloud, readPlace(cloud, request)).find(({ id }) => id === request.id);
  if (found === undefined) throw createRefusal(404, `Floating IP ${request.id} could not be found`);
  return found;
}

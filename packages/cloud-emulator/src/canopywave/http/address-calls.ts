import type { Reply } from "../../http/reply.ts";
import type { AddressRecord } from "../world/records.ts";
import { hasPort } from "../world/status.ts";
import { createAddress, listAddresses, type World } from "../world/world.ts";
import { createSuccess, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { findInstance } from "./instance-calls.ts";
import { readPlace, readText } from "./read-parameters.ts";

export function listIps(world: World, request: CallRequest): Reply {
  return createSuccess(
    listAddresses(world, readPlace(world, request)).map(({ id, ip, instanceId }) => ({
      id,
      ip,
      server: world.state.instances.find((instance) => instance.id === instanceId)?.name ?? null,
      status: instanceId === null ? "DOWN" : "ACTIVE",
    })),
  );
}

export function allocateIp(world: World, request: CallRequest): Reply {
  const place = readPlace(world, request);
  if (listAddresses(world, place).length >= world.settings.addressQuota) {
    throw new Refusal(409, "Quota exceeded for resources: ['floatingip'].");
  }
  const { id, ip } = createAddress(world, place);
  return createSuccess({ id, ip });
}

/** Associates an address. Doing it again moves the address, as in Neutron. */
export function associateIp(world: World, request: CallRequest): Reply {
  const address = findAddress(world, request);
  const instance = findInstance(world, request, readText(request, "instanceId"));
  if (!hasPort(instance, world.clock.now())) {
    throw new Refusal(400, `No port found for instance ${instance.id}`);
  }
  address.instanceId = instance.id;
  return createSuccess({ instanceId: instance.id, ipId: address.id, portId: instance.portId });
}

export function disassociateIp(world: World, request: CallRequest): Reply {
  const address = findAddress(world, request);
  address.instanceId = null;
  return createSuccess({ id: address.id });
}

export function releaseIp(world: World, request: CallRequest): Reply {
  const address = findAddress(world, request);
  address.goneAtMs = world.clock.now();
  address.instanceId = null;
  return createSuccess({ id: address.id });
}

function findAddress(world: World, request: CallRequest): AddressRecord {
  const found = listAddresses(world, readPlace(world, request)).find(({ id }) => id === request.id);
  if (found === undefined) throw new Refusal(404, `Floating IP ${request.id} could not be found`);
  return found;
}

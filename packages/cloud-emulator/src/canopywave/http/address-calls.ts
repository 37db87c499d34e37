import type { Reply } from "../../http/reply.ts";
import type { AddressRecord } from "../world/records.ts";
import { hasPort } from "../world/status.ts";
import { addressesIn, createAddress, type World } from "../world/world.ts";
import { data, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { findInstance } from "./instance-calls.ts";
import { placeOf, text } from "./place.ts";

export function ips(world: World, request: CallRequest): Reply {
  return data(
    addressesIn(world, placeOf(world, request)).map(({ id, ip, instanceId }) => ({
      id,
      ip,
      server: world.state.instances.find((instance) => instance.id === instanceId)?.name ?? null,
      status: instanceId === null ? "DOWN" : "ACTIVE",
    })),
  );
}

export function allocateIp(world: World, request: CallRequest): Reply {
  const place = placeOf(world, request);
  if (addressesIn(world, place).length >= world.settings.addressQuota) {
    throw new Refusal(409, "Quota exceeded for resources: ['floatingip'].");
  }
  const { id, ip } = createAddress(world, place);
  return data({ id, ip });
}

/** A second associate moves it, as Neutron does. */
export function associateIp(world: World, request: CallRequest): Reply {
  const address = findAddress(world, request);
  const instance = findInstance(world, request, text(request, "instanceId"));
  if (!hasPort(instance, world.clock.now())) {
    throw new Refusal(400, `No port found for instance ${instance.id}`);
  }
  address.instanceId = instance.id;
  return data({ instanceId: instance.id, ipId: address.id, portId: instance.portId });
}

export function disassociateIp(world: World, request: CallRequest): Reply {
  const address = findAddress(world, request);
  address.instanceId = null;
  return data({ id: address.id });
}

export function releaseIp(world: World, request: CallRequest): Reply {
  const address = findAddress(world, request);
  address.goneAtMs = world.clock.now();
  address.instanceId = null;
  return data({ id: address.id });
}

function findAddress(world: World, request: CallRequest): AddressRecord {
  const found = addressesIn(world, placeOf(world, request)).find(({ id }) => id === request.id);
  if (found === undefined) throw new Refusal(404, `Floating IP ${request.id} could not be found`);
  return found;
}

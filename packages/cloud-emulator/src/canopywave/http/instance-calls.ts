import type { Reply } from "../../http/reply.ts";
import type { InstanceRecord } from "../world/records.ts";
import { getStatusAt, isListed } from "../world/status.ts";
import { createInstance, filterAlive, isIn, terminateInstance, type World } from "../world/world.ts";
import { createSuccess, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { findFlavor, isInStock } from "./catalog-calls.ts";
import { formatListedInstance, formatNovaServer } from "./instance-shapes.ts";
import { readOptionalPlace, readOptionalText, readPlace, readText } from "./read-parameters.ts";

export function listInstances(world: World, request: CallRequest): Reply {
  const place = readOptionalPlace(world, request);
  const listed = world.state.instances.filter(
    (candidate) => isIn(candidate, place) && isListed(candidate, world.clock.now()),
  );
  return createSuccess(listed.map((instance) => formatListedInstance(world, instance)));
}

export function listRunningInstances(world: World, request: CallRequest): Reply {
  const place = readPlace(world, request);
  const now = world.clock.now();
  const running = world.state.instances.filter(
    (candidate) =>
      isIn(candidate, place) && isListed(candidate, now) && getStatusAt(candidate, now) === "ACTIVE",
  );
  return createSuccess(running.map((instance) => formatListedInstance(world, instance)));
}

export function getInstance(world: World, request: CallRequest): Reply {
  return createSuccess(formatNovaServer(world, findInstance(world, request, request.id)));
}

export function launchInstance(world: World, request: CallRequest): Reply {
  const place = readPlace(world, request);
  const flavor = findFlavor(world, readText(request, "flavor"));
  const image = readText(request, "image");
  readText(request, "password");
  const keyName = readOptionalText(request, "keypair");
  const key = filterAlive(world, world.state.keys).find(
    (candidate) => isIn(candidate, place) && candidate.name === keyName,
  );
  if (keyName !== undefined && key === undefined) throw new Refusal(400, "Invalid key_name provided.");
  if (!flavor.images.includes(image)) {
    throw new Refusal(400, `Image ${image} is not available for flavor ${flavor.flavor}`);
  }
  if (!isInStock(flavor, place.region)) {
    throw new Refusal(400, `Flavor ${flavor.flavor} is not available in region ${place.region}`);
  }
  const { id } = createInstance(world, place, { name: readText(request, "name"), flavor, image, key });
  return createSuccess({ id });
}

export function terminateById(world: World, request: CallRequest): Reply {
  readPlace(world, request);
  const found = findInstance(world, request, readText(request, "id"));
  terminateInstance(world, found);
  return createSuccess({ id: found.id });
}

export function restartInstance(world: World, request: CallRequest): Reply {
  readPlace(world, request);
  const found = findInstance(world, request, readText(request, "id"));
  const status = getStatusAt(found, world.clock.now());
  if (status !== "ACTIVE" && status !== "SHUTOFF") {
    throw new Refusal(409, `Cannot 'reboot' instance ${found.id} while it is in vm_state ${status}`);
  }
  found.stoppedAtMs = null;
  found.restarts += 1;
  return createSuccess({ id: found.id });
}

/** Finds an instance by id in this project and region, of any owner. Throws 404 when it is gone. */
export function findInstance(world: World, request: CallRequest, id: string): InstanceRecord {
  const place = readPlace(world, request);
  const now = world.clock.now();
  const found = world.state.instances.find((candidate) => candidate.id === id && isIn(candidate, place));
  const isHidden = found?.goneAs === "not-found" && getStatusAt(found, now) === "DELETED";
  if (found === undefined || isHidden || found.foundAtMs > now) {
    throw new Refusal(404, `Instance ${id} could not be found.`);
  }
  return found;
}

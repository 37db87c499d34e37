import type { Reply } from "../../http/reply.ts";
import type { InstanceRecord } from "../world/records.ts";
import { isListed, statusAt } from "../world/status.ts";
import { alive, createInstance, isIn, terminateInstance, type World } from "../world/world.ts";
import { data, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { flavorNamed, isInStock } from "./catalogue-calls.ts";
import { listedInstance, novaServer } from "./instance-shapes.ts";
import { optionalPlaceOf, optionalText, placeOf, text } from "./place.ts";

export function instances(world: World, request: CallRequest): Reply {
  const place = optionalPlaceOf(world, request);
  const listed = world.state.instances.filter(
    (candidate) => isIn(candidate, place) && isListed(candidate, world.clock.now()),
  );
  return data(listed.map((instance) => listedInstance(world, instance)));
}

export function runningInstances(world: World, request: CallRequest): Reply {
  const place = placeOf(world, request);
  const now = world.clock.now();
  const running = world.state.instances.filter(
    (candidate) =>
      isIn(candidate, place) && isListed(candidate, now) && statusAt(candidate, now) === "ACTIVE",
  );
  return data(running.map((instance) => listedInstance(world, instance)));
}

export function instance(world: World, request: CallRequest): Reply {
  return data(novaServer(world, findInstance(world, request, request.id)));
}

export function launch(world: World, request: CallRequest): Reply {
  const place = placeOf(world, request);
  const flavor = flavorNamed(world, text(request, "flavor"));
  const image = text(request, "image");
  text(request, "password");
  const keyName = optionalText(request, "keypair");
  const key = alive(world, world.state.keys).find(
    (candidate) => isIn(candidate, place) && candidate.name === keyName,
  );
  if (keyName !== undefined && key === undefined) throw new Refusal(400, "Invalid key_name provided.");
  if (!flavor.images.includes(image)) {
    throw new Refusal(400, `Image ${image} is not available for flavor ${flavor.flavor}`);
  }
  if (!isInStock(flavor, place.region)) {
    throw new Refusal(400, `Flavor ${flavor.flavor} is not available in region ${place.region}`);
  }
  const { id } = createInstance(world, place, { name: text(request, "name"), flavor, image, key });
  return data({ id });
}

export function terminate(world: World, request: CallRequest): Reply {
  placeOf(world, request);
  const found = findInstance(world, request, text(request, "id"));
  terminateInstance(world, found);
  return data({ id: found.id });
}

export function restart(world: World, request: CallRequest): Reply {
  placeOf(world, request);
  const found = findInstance(world, request, text(request, "id"));
  const status = statusAt(found, world.clock.now());
  if (status !== "ACTIVE" && status !== "SHUTOFF") {
    throw new Refusal(409, `Cannot 'reboot' instance ${found.id} while it is in vm_state ${status}`);
  }
  found.stoppedAtMs = null;
  found.restarts += 1;
  return data({ id: found.id });
}

/** By id, whoever owns it in this place; 404 for what is gone. */
export function findInstance(world: World, request: CallRequest, id: string): InstanceRecord {
  const place = placeOf(world, request);
  const now = world.clock.now();
  const found = world.state.instances.find((candidate) => candidate.id === id && isIn(candidate, place));
  const isOutOfSight = found?.goneAs === "not-found" && statusAt(found, now) === "DELETED";
  if (found === undefined || isOutOfSight || found.foundAtMs > now) {
    throw new Refusal(404, `Instance ${id} could not be found.`);
  }
  return found;
}

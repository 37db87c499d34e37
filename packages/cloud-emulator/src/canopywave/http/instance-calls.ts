import { filterAlive } from "../../emulator/lifecycle.ts";
import type { Reply } from "../../http/reply.ts";
import { createInstance, type EmulatedCloud, isIn, terminateInstance } from "../cloud/cloud.ts";
import type { InstanceRecord } from "../cloud/records.ts";
import { getStatusAt, isListed } from "../cloud/status.ts";
import { createRefusal, createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { findFlavor, isInStock } from "./catalog-calls.ts";
import { formatListedInstance, formatNovaServer } from "./instance-shapes.ts";
import { readOptionalPlace, readOptionalText, readPlace, readText } from "./read-parameters.ts";

export function listInstances(cloud: EmulatedCloud, request: CallRequest): Reply {
  const place = readOptionalPlace(cloud, request);
  const listed = cloud.state.instances.filter(
    (candidate) => isIn(candidate, place) && isListed(candidate, cloud.clock.now()),
  );
  return createSuccess(listed.map((instance) => formatListedInstance(cloud, instance)));
}

export function listRunningInstances(cloud: EmulatedCloud, request: CallRequest): Reply {
  const place = readPlace(cloud, request);
  const now = cloud.clock.now();
  const running = cloud.state.instances.filter(
    (candidate) =>
      isIn(candidate, place) && isListed(candidate, now) && getStatusAt(candidate, now) === "ACTIVE",
  );
  return createSuccess(running.map((instance) => formatListedInstance(cloud, instance)));
}

export function getInstance(cloud: EmulatedCloud, request: CallRequest): Reply {
  return createSuccess(formatNovaServer(cloud, findInstance(cloud, request, request.id)));
}

export function launchInstance(cloud: EmulatedCloud, request: CallRequest): Reply {
  const place = readPlace(cloud, request);
  const flavor = findFlavor(cloud, readText(request, "flavor"));
  const image = readText(request, "image");
  readText(request, "password");
  const keyName = readOptionalText(request, "keypair");
  const key = filterAlive(cloud, cloud.state.keys).find(
    (candidate) => isIn(candidate, place) && candidate.name === keyName,
  );
  if (keyName !== undefined && key === undefined) throw createRefusal(400, "Invalid key_name provided.");
  if (!flavor.images.includes(image)) {
    throw createRefusal(400, `Image ${image} is not available for flavor ${flavor.flavor}`);
  }
  if (!isInStock(flavor, place.region)) {
    throw createRefusal(400, `Flavor ${flavor.flavor} is not available in region ${place.region}`);
  }
  const { id } = createInstance(cloud, place, { name: readText(request, "name"), flavor, image, key });
  return createSuccess({ id });
}

export function terminateById(cloud: EmulatedCloud, request: CallRequest): Reply {
  readPlace(cloud, request);
  const found = findInstance(cloud, request, readText(request, "id"));
  terminateInstance(cloud, found);
  return createSuccess({ id: found.id });
}

export function restartInstance(cloud: EmulatedCloud, request: CallRequest): Reply {
  readPlace(cloud, request);
  const found = findInstance(cloud, request, readText(request, "id"));
  const status = getStatusAt(found, cloud.clock.now());
  if (status !== "ACTIVE" && status !== "SHUTOFF") {
    throw createRefusal(409, `Cannot 'reboot' instance ${found.id} while it is in vm_state ${status}`);
  }
  found.stoppedAtMs = null;
  found.restarts += 1;
  return createSuccess({ id: found.id });
}

/** Finds an instance by id in this project and region, of any owner. Throws 404 when it is gone. */
export function findInstance(cloud: EmulatedCloud, request: CallRequest, id: string): InstanceRecord {
  const place = readPlace(cloud, request);
  const now = cloud.clock.now();
  const found = cloud.state.instances.find((candidate) => candidate.id === id && isIn(candidate, place));
  const isHidden = found?.goneAs === "not-found" && getStatusAt(found, now) === "DELETED";
  if (found === undefined || isHidden || found.foundAtMs > now) {
    throw createRefusal(404, `Instance ${id} could not be found.`);
  }
  return found;
}

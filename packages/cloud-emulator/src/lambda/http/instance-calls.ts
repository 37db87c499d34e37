import { startTermination } from "../../emulator/lifecycle.ts";
import type { Reply } from "../../http/reply.ts";
import { createInstance, type EmulatedCloud, filterOurs } from "../cloud/cloud.ts";
import type { InstanceRecord } from "../cloud/records.ts";
import { getStatusAt, isListed } from "../cloud/status.ts";
import { createInvalidError, createMissingError, createRefusal, createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { formatInstance } from "./instance-shape.ts";

export function listInstances(cloud: EmulatedCloud): Reply {
  const listed = cloud.state.instances.filter((instance) => isListed(instance, cloud.clock.now()));
  return createSuccess(listed.map((instance) => formatInstance(cloud, instance)));
}

export function getInstance(cloud: EmulatedCloud, request: CallRequest): Reply {
  return createSuccess(formatInstance(cloud, findInstance(cloud, request.id)));
}

export function launchInstance(cloud: EmulatedCloud, { body }: CallRequest): Reply {
  const { settings, state } = cloud;
  const type = settings.instanceTypes.find(({ name }) => name === body.instance_type_name);
  const region = settings.regions.find(({ name }) => name === body.region_name);
  if (type === undefined) throw createMissingError(`Instance type ${String(body.instance_type_name)}`);
  if (region === undefined) throw createMissingError(`Region ${String(body.region_name)}`);
  const [keyName, ...otherKeys] = readNames(body.ssh_key_names);
  if (keyName === undefined || otherKeys.length > 0) {
    throw createInvalidError("Exactly one SSH key must be specified.");
  }
  const key = state.keys.find(({ name, goneAtMs }) => name === keyName && goneAtMs === null);
  if (key === undefined) throw createMissingError(`SSH key ${keyName}`);
  if (typeof body.name === "string" && body.name.length > 64) throw createInvalidError("name is too long");
  const image = readImage(cloud, body.image);
  if (!type.regions.includes(region.name)) {
    throw createRefusal(
      400,
      "instance-operations/launch/insufficient-capacity",
      "Not enough capacity to fulfill launch request.",
    );
  }
  if (filterOurs(cloud).length >= settings.instanceQuota) {
    throw createRefusal(400, "global/quota-exceeded", "Quota exceeded.");
  }
  const name = typeof body.name === "string" ? body.name : "";
  const { id } = createInstance(cloud, { name, region: region.name, type, image, key });
  return createSuccess({ instance_ids: [id] });
}

/** Observed: a terminate of an instance that is terminating already is an unknown error. One that hangs can be repeated. */
export function terminateInstances(cloud: EmulatedCloud, { body }: CallRequest): Reply {
  const found = readNames(body.instance_ids).map((id) => findInstance(cloud, id));
  for (const instance of found) {
    if (instance.terminateAskedAtMs !== null && instance.goneAtMs !== null) {
      throw createRefusal(400, "global/unknown", "An unknown error occurred.");
    }
    startTermination(cloud, instance);
  }
  return createSuccess({ terminated_instances: found.map((instance) => formatInstance(cloud, instance)) });
}

export function restartInstances(cloud: EmulatedCloud, { body }: CallRequest): Reply {
  const found = readNames(body.instance_ids).map((id) => findInstance(cloud, id));
  for (const instance of found) {
    instance.stoppedAtMs = null;
    instance.restarts += 1;
  }
  return createSuccess({ restarted_instances: found.map((instance) => formatInstance(cloud, instance)) });
}

/** Finds an instance by id, of any owner. Throws 404 when it is gone. */
function findInstance(cloud: EmulatedCloud, id: string): InstanceRecord {
  const now = cloud.clock.now();
  const found = cloud.state.instances.find((candidate) => candidate.id === id);
  const isHidden = found !== undefined && !found.staysListed && getStatusAt(found, now) === "terminated";
  if (found === undefined || isHidden || found.foundAtMs > now) {
    throw createMissingError("Specified instance does not exist.");
  }
  return found;
}

function readNames(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== "string")) {
    throw createInvalidError("Invalid request data.");
  }
  return value;
}

function readImage(cloud: EmulatedCloud, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const { family, id } = value as { readonly family?: unknown; readonly id?: unknown };
  const found = cloud.settings.imageFamilies.find((name) => name === family || id === name);
  if (found === undefined) throw createMissingError(`Image ${JSON.stringify(value)}`);
  return found;
}

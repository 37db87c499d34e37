import { randomUUID } from "node:crypto";
import type { Reply } from "../../http/reply.ts";
import type { StorageRecord } from "../world/records.ts";
import { filterAlive, isIn, type World } from "../world/world.ts";
import { createSuccess, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { readPlace, readText } from "./read-parameters.ts";

type Kind = StorageRecord["kind"];

export function listStorage(world: World, request: CallRequest, kind: Kind): Reply {
  return createSuccess(filterStorage(world, request, kind).map(formatStorage));
}

export function getStorage(world: World, request: CallRequest, kind: Kind): Reply {
  return createSuccess(formatStorage(findStorage(world, request, kind)));
}

export function createStorage(world: World, request: CallRequest, kind: Kind): Reply {
  const place = readPlace(world, request);
  const sizeGb = Number(request.body.size);
  if (!Number.isInteger(sizeGb) || sizeGb < 1) throw new Refusal(400, "size must be a number of GB");
  const record: StorageRecord = {
    kind,
    id: randomUUID(),
    name: readText(request, "name"),
    ...place,
    sizeGb,
    type: kind === "volume" ? readText(request, "type") : null,
    createdAtMs: world.clock.now(),
    centsPerHour: sizeGb * world.settings.storageCentsPerGbHour,
    goneAtMs: null,
  };
  world.state.storage.push(record);
  return createSuccess({ id: record.id });
}

export function deleteStorage(world: World, request: CallRequest, kind: Kind): Reply {
  const record = findStorage(world, request, kind);
  record.goneAtMs = world.clock.now();
  return createSuccess({ id: record.id });
}

function findStorage(world: World, request: CallRequest, kind: Kind): StorageRecord {
  const found = filterStorage(world, request, kind).find(({ id }) => id === request.id);
  if (found === undefined) throw new Refusal(404, `${kind} ${request.id} could not be found`);
  return found;
}

function filterStorage(world: World, request: CallRequest, kind: Kind): StorageRecord[] {
  const place = readPlace(world, request);
  return filterAlive(world, world.state.storage).filter(
    (record) => record.kind === kind && isIn(record, place),
  );
}

function formatStorage({ id, name, sizeGb, type }: StorageRecord): Record<string, unknown> {
  return { id, name, size: sizeGb, status: "available", ...(type === null ? {} : { type }) };
}

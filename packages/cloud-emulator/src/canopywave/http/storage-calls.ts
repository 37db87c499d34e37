import { randomUUID } from "node:crypto";
import type { Reply } from "../../http/reply.ts";
import type { StorageRecord } from "../world/records.ts";
import { alive, isIn, type World } from "../world/world.ts";
import { data, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { placeOf, text } from "./place.ts";

type Kind = StorageRecord["kind"];

export function storageList(world: World, request: CallRequest, kind: Kind): Reply {
  return data(storageIn(world, request, kind).map(shape));
}

export function storage(world: World, request: CallRequest, kind: Kind): Reply {
  return data(shape(findStorage(world, request, kind)));
}

export function createStorage(world: World, request: CallRequest, kind: Kind): Reply {
  const place = placeOf(world, request);
  const sizeGb = Number(request.body.size);
  if (!Number.isInteger(sizeGb) || sizeGb < 1) throw new Refusal(400, "size must be a number of GB");
  const record: StorageRecord = {
    kind,
    id: randomUUID(),
    name: text(request, "name"),
    ...place,
    sizeGb,
    type: kind === "volume" ? text(request, "type") : null,
    createdAtMs: world.clock.now(),
    centsPerHour: sizeGb * world.settings.storageCentsPerGbHour,
    goneAtMs: null,
  };
  world.state.storage.push(record);
  return data({ id: record.id });
}

export function deleteStorage(world: World, request: CallRequest, kind: Kind): Reply {
  const record = findStorage(world, request, kind);
  record.goneAtMs = world.clock.now();
  return data({ id: record.id });
}

function findStorage(world: World, request: CallRequest, kind: Kind): StorageRecord {
  const found = storageIn(world, request, kind).find(({ id }) => id === request.id);
  if (found === undefined) throw new Refusal(404, `${kind} ${request.id} could not be found`);
  return found;
}

function storageIn(world: World, request: CallRequest, kind: Kind): StorageRecord[] {
  const place = placeOf(world, request);
  return alive(world, world.state.storage).filter((record) => record.kind === kind && isIn(record, place));
}

function shape({ id, name, sizeGb, type }: StorageRecord): Record<string, unknown> {
  return { id, name, size: sizeGb, status: "available", ...(type === null ? {} : { type }) };
}

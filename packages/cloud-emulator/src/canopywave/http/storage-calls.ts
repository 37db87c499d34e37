import { randomUUID } from "node:crypto";
import { filterAlive } from "../../emulator/lifecycle.ts";
import type { Reply } from "../../http/reply.ts";
import { type EmulatedCloud, isIn } from "../cloud/cloud.ts";
import type { StorageRecord } from "../cloud/records.ts";
import { createRefusal, createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { readPlace, readText } from "./read-parameters.ts";

type Kind = StorageRecord["kind"];

export function listStorage(cloud: EmulatedCloud, request: CallRequest, kind: Kind): Reply {
  return createSuccess(filterStorage(cloud, request, kind).map(formatStorage));
}

export function getStorage(cloud: EmulatedCloud, request: CallRequest, kind: Kind): Reply {
  return createSuccess(formatStorage(findStorage(cloud, request, kind)));
}

export function createStorage(cloud: EmulatedCloud, request: CallRequest, kind: Kind): Reply {
  const place = readPlace(cloud, request);
  const sizeGb = Number(request.body.size);
  if (!Number.isInteger(sizeGb) || sizeGb < 1) throw createRefusal(400, "size must be a number of GB");
  const record: StorageRecord = {
    kind,
    id: randomUUID(),
    name: readText(request, "name"),
    ...place,
    sizeGb,
    type: kind === "volume" ? readText(request, "type") : null,
    createdAtMs: cloud.clock.now(),
    centsPerHour: sizeGb * cloud.settings.storageCentsPerGbHour,
    goneAtMs: null,
  };
  cloud.state.storage.push(record);
  return createSuccess({ id: record.id });
}

export function deleteStorage(cloud: EmulatedCloud, request: CallRequest, kind: Kind): Reply {
  const record = findStorage(cloud, request, kind);
  record.goneAtMs = cloud.clock.now();
  return createSuccess({ id: record.id });
}

function findStorage(cloud: EmulatedCloud, request: CallRequest, kind: Kind): StorageRecord {
  const found = filterStorage(cloud, request, kind).find(({ id }) => id === request.id);
  if (found === undefined) throw createRefusal(404, `${kind} ${request.id} could not be found`);
  return found;
}

function filterStorage(cloud: EmulatedCloud, request: CallRequest, kind: Kind): StorageRecord[] {
  const place = readPlace(cloud, request);
  return filterAlive(cloud, cloud.state.storage).filter(
    (record) => record.kind === kind && isIn(record, place),
  );
}

function formatStorage({ id, name, sizeGb, type }: StorageRecord): Record<string, unknown> {
  return { id, name, size: sizeGb, status: "available", ...(type === null ? {} : { type }) };
}

import { createWireFaults, escapes } from "../../faults/wire-faults.ts";
import type { Reply } from "../../http/reply.ts";
import { createFailure, createSuccess } from "../http/answers.ts";
import { type FaultKind, getPayload } from "./kind.ts";

/** Faults of any answer, with the messages and fields of this API. */
export const answerFaults = {
  ...createWireFaults({ data: createSuccess, failure: createFailure }),
  "error-as-message": {
    description: "400 with `message` in place of `error`",
    calls: "any",
    done: false,
    reply: () => createJsonReply(400, { message: "The request was refused (message)" }),
  },
  "error-as-detail": {
    description: "400 with `detail` in place of `error`",
    calls: "any",
    done: false,
    reply: () => createJsonReply(400, { detail: "The request was refused (detail)" }),
  },
  "error-as-msg": {
    description: "400 with `msg` in place of `error`",
    calls: "any",
    done: false,
    reply: () => createJsonReply(400, { msg: "The request was refused (msg)" }),
  },
  "escape-codes": {
    description: "texts for people in the answer carry terminal escape codes",
    calls: ["instances", "instances-running", "instance", "instance-types", "ips", "regions", "projects"],
    done: true,
    reply: (scene) => replacePayload(scene.truthfulReply, addEscapes(getPayload(scene))),
  },
  "sparse-answer": {
    description: "every field that is not an identifier, name, status or address is missing or null",
    calls: ["instances", "instances-running", "instance", "ips", "ssh-keys"],
    done: true,
    reply: (scene) => replacePayload(scene.truthfulReply, removeFields(getPayload(scene))),
  },
} satisfies Record<string, FaultKind>;

function createJsonReply(status: number, body: unknown): Reply {
  return { kind: "json", status, body };
}

function replacePayload(truthfulReply: Reply | undefined, payload: unknown): Reply {
  return payload === undefined && truthfulReply !== undefined ? truthfulReply : createSuccess(payload);
}

const escapedFields = new Set(["flavor", "specs", "priceHour", "role", "server", "message"]);

/** Adds escape codes to display texts only: an attack on the screen, not on the call. */
function addEscapes(value: unknown, name = "specs"): unknown {
  if (typeof value === "string") return escapedFields.has(name) ? `${value}${escapes}` : value;
  return mapValues(value, addEscapes);
}

const requiredFields = new Set([
  "id",
  "name",
  "status",
  "ip",
  "publicIp",
  "addresses",
  "keypair",
  "addr",
  "server",
]);

function removeFields(value: unknown, name = "id", kept = false): unknown {
  const keep = kept || name === "addresses";
  if (typeof value === "object" && value !== null)
    return mapValues(value, (entry, key) => removeFields(entry, key ?? "id", keep));
  return keep || requiredFields.has(name) ? value : null;
}

function mapValues(value: unknown, change: (value: unknown, name?: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => change(entry));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, change(entry, name)]));
}

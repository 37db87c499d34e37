import { escapes, wireFaults } from "../../faults/wire-faults.ts";
import type { Reply } from "../../http/reply.ts";
import { data, failure } from "../http/answers.ts";
import { type FaultKind, payloadOf } from "./kind.ts";

/** What can happen to any answer, in the words and fields of this API. */
export const answerFaults = {
  ...wireFaults({ data, failure }),
  "error-as-message": {
    description: "400 with `message` in place of `error`",
    calls: "any",
    done: false,
    reply: () => json(400, { message: "The request was refused (message)" }),
  },
  "error-as-detail": {
    description: "400 with `detail` in place of `error`",
    calls: "any",
    done: false,
    reply: () => json(400, { detail: "The request was refused (detail)" }),
  },
  "error-as-msg": {
    description: "400 with `msg` in place of `error`",
    calls: "any",
    done: false,
    reply: () => json(400, { msg: "The request was refused (msg)" }),
  },
  "escape-codes": {
    description: "texts for people in the answer carry terminal escape codes",
    calls: ["instances", "instances-running", "instance", "instance-types", "ips", "regions", "projects"],
    done: true,
    reply: (scene) => changed(scene.truth, withEscapes(payloadOf(scene))),
  },
  "sparse-answer": {
    description: "every field that is not an identifier, name, status or address is missing or null",
    calls: ["instances", "instances-running", "instance", "ips", "ssh-keys"],
    done: true,
    reply: (scene) => changed(scene.truth, sparse(payloadOf(scene))),
  },
} satisfies Record<string, FaultKind>;

function json(status: number, body: unknown): Reply {
  return { kind: "json", status, body };
}

function changed(truth: Reply | undefined, payload: unknown): Reply {
  return payload === undefined && truth !== undefined ? truth : data(payload);
}

const words = new Set(["flavor", "specs", "priceHour", "role", "server", "message"]);

/** Identifiers stay what they are: an attack on the screen, not on the call. */
function withEscapes(value: unknown, name = "specs"): unknown {
  if (typeof value === "string") return words.has(name) ? `${value}${escapes}` : value;
  return mapped(value, withEscapes);
}

const needed = new Set(["id", "name", "status", "ip", "publicIp", "addresses", "keypair", "addr", "server"]);

function sparse(value: unknown, name = "id", kept = false): unknown {
  const keep = kept || name === "addresses";
  if (typeof value === "object" && value !== null)
    return mapped(value, (entry, key) => sparse(entry, key ?? "id", keep));
  return keep || needed.has(name) ? value : null;
}

function mapped(value: unknown, change: (value: unknown, name?: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => change(entry));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, change(entry, name)]));
}

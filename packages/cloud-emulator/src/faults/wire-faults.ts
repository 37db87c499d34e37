import { data, failure, type Reply } from "../http/reply.ts";
import { type FaultKind, payloadOf } from "./kind.ts";

const html = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
const escapes = "\u001b[2J\u001b[31mred\u001b[0m\u001b]0;title\u0007\u202egnirts\u0000";

/** What can happen to any answer. */
export const wireFaults = {
  "answer-lost": {
    what: "the call takes effect, then the connection is cut without an answer",
    calls: "any",
    done: true,
    reply: () => ({ kind: "cut" }),
  },
  "request-lost": {
    what: "the connection is cut before the call takes effect",
    calls: "any",
    done: false,
    reply: () => ({ kind: "cut" }),
  },
  "cut-mid-body": {
    what: "the call takes effect, then the connection is cut in the middle of the body",
    calls: "any",
    done: true,
    reply: ({ truth }) => ({ kind: "half", of: truth ?? data(null) }),
  },
  "slow-answer": {
    what: "the answer comes late (ms)",
    calls: "any",
    done: true,
    ms: 5_000,
    wait: true,
  },
  "no-answer": {
    what: "the call takes effect, then nothing comes and the connection stays open",
    calls: "any",
    done: true,
    reply: () => ({ kind: "silence" }),
  },
  "server-error": {
    what: "500, and the call took no effect; with forMs for minutes on end",
    calls: "any",
    done: false,
    reply: () => failure(500, "Internal Server Error"),
  },
  "server-error-done": {
    what: "500, although the call took effect",
    calls: "any",
    done: true,
    reply: () => failure(500, "Internal Server Error"),
  },
  "server-error-html": {
    what: "502 with an HTML body",
    calls: "any",
    done: false,
    reply: () => ({ kind: "text", status: 502, body: html }),
  },
  "server-error-empty": {
    what: "503 with an empty body",
    calls: "any",
    done: false,
    reply: () => ({ kind: "text", status: 503, body: "" }),
  },
  "html-with-200": {
    what: "200 with an HTML body, although the call took effect",
    calls: "any",
    done: true,
    reply: () => ({ kind: "text", status: 200, body: html }),
  },
  "invalid-json": {
    what: "200 with JSON that breaks off, although the call took effect",
    calls: "any",
    done: true,
    reply: ({ truth }) => ({ kind: "text", status: 200, body: brokenOff(truth) }),
  },
  "error-with-200": {
    what: "200 that carries an error; the call took no effect",
    calls: "any",
    done: false,
    reply: () => failure(200, "Something went wrong, please try again later"),
  },
  "error-as-message": {
    what: "400 with `message` in place of `error`",
    calls: "any",
    done: false,
    reply: () => json(400, { message: "The request was refused (message)" }),
  },
  "error-as-detail": {
    what: "400 with `detail` in place of `error`",
    calls: "any",
    done: false,
    reply: () => json(400, { detail: "The request was refused (detail)" }),
  },
  "error-as-msg": {
    what: "400 with `msg` in place of `error`",
    calls: "any",
    done: false,
    reply: () => json(400, { msg: "The request was refused (msg)" }),
  },
  "rate-limited": {
    what: "429 with Retry-After in seconds (ms, at least one second)",
    calls: "any",
    done: false,
    ms: 1_000,
    reply: ({ ms }) =>
      failure(429, "Too Many Requests", { "retry-after": String(Math.max(1, Math.ceil(ms / 1000))) }),
  },
  "rate-limited-until": {
    what: "429 with Retry-After as a date (ms from now)",
    calls: "any",
    done: false,
    ms: 1_000,
    reply: ({ ms, world }) =>
      failure(429, "Too Many Requests", { "retry-after": new Date(world.clock.now() + ms).toUTCString() }),
  },
  "rate-limited-silently": {
    what: "429 without Retry-After",
    calls: "any",
    done: false,
    reply: () => failure(429, "Too Many Requests"),
  },
  unauthorized: {
    what: "401: the key stopped working, also in mid-run",
    calls: "any",
    done: false,
    reply: () => failure(401, "Invalid or expired API key"),
  },
  "payment-required": {
    what: "402",
    calls: "any",
    done: false,
    reply: () => failure(402, "Payment required"),
  },
  forbidden: {
    what: "403",
    calls: "any",
    done: false,
    reply: () => failure(403, "Forbidden"),
  },
  "not-found": {
    what: "404, whatever was asked for",
    calls: "any",
    done: false,
    reply: () => failure(404, "Not Found"),
  },
  "huge-body": {
    what: "200 with a body of 50 MB",
    calls: "any",
    done: true,
    reply: () => ({ kind: "flood", bytes: 50_000_000 }),
  },
  "endless-body": {
    what: "200 with a body that never ends",
    calls: "any",
    done: true,
    reply: () => ({ kind: "flood", bytes: Number.POSITIVE_INFINITY }),
  },
  "dripping-body": {
    what: "200 with a body that comes byte by byte, ten a second, and never ends",
    calls: "any",
    done: true,
    reply: () => ({ kind: "drip" }),
  },
  "redirect-elsewhere": {
    what: "302 to another host, which notes what it is sent",
    calls: "any",
    done: false,
    reply: ({ world }) => ({
      kind: "text",
      status: 302,
      body: "",
      headers: { location: `${world.elsewhere()}/stolen` },
    }),
  },
  "escape-codes-in-error": {
    what: "400 whose message carries terminal escape codes",
    calls: "any",
    done: false,
    reply: () => failure(400, `Refused: ${escapes}`),
  },
  "escape-codes": {
    what: "texts for people in the answer carry terminal escape codes",
    calls: ["instances", "instances-running", "instance", "instance-types", "ips", "regions", "projects"],
    done: true,
    reply: (scene) => changed(scene.truth, withEscapes(payloadOf(scene))),
  },
  "sparse-answer": {
    what: "every field that is not an identifier, name, status or address is missing or null",
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

function brokenOff(truth: Reply | undefined): string {
  const body = JSON.stringify(truth?.kind === "json" ? truth.body : { data: null });
  return body.slice(0, Math.max(1, Math.floor(body.length / 2)));
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
    return mapped(value, (one, key) => sparse(one, key ?? "id", keep));
  return keep || needed.has(name) ? value : null;
}

function mapped(value: unknown, change: (value: unknown, name?: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => change(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one, name)]));
}

import type { AnswerForm } from "../http/call.ts";
import type { Reply } from "../http/reply.ts";
import type { FaultKind } from "./kind.ts";

const html = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
/**
 * Clears the screen, colors, sets a title and the clipboard, reverses a word, hides others, and begins lines that look like those of
 * the program that shows it.
 */
export const escapes =
  "\u001b[2J\u001b[31mred\u001b[0m\u001b]0;title\u0007\u001b]52;c;cm0=\u0007\u009b1A\u202egnirts\u0000\b\u200b\u{e0041}\n+ released      costs nothing\r\u2028Done     swift-otter";

/** Faults of any answer of any API. */
export const createWireFaults = ({ data, failure }: AnswerForm) =>
  ({
    "answer-lost": {
      description: "the call takes effect, then the connection is cut without an answer",
      calls: "any",
      done: true,
      reply: () => ({ kind: "cut" }),
    },
    "request-lost": {
      description: "the connection is cut before the call takes effect",
      calls: "any",
      done: false,
      reply: () => ({ kind: "cut" }),
    },
    "cut-mid-body": {
      description: "the call takes effect, then the connection is cut in the middle of the body",
      calls: "any",
      done: true,
      reply: ({ truthfulReply }) => ({ kind: "half", reply: truthfulReply ?? data(null) }),
    },
    "slow-answer": {
      description: "the answer comes late (ms)",
      calls: "any",
      done: true,
      ms: 5_000,
      waitsFirst: true,
    },
    "no-answer": {
      description: "the call takes effect, then nothing comes and the connection stays open",
      calls: "any",
      done: true,
      reply: () => ({ kind: "silence" }),
    },
    "server-error": {
      description: "500, and the call took no effect; with forMs for minutes on end",
      calls: "any",
      done: false,
      reply: () => failure(500, "Internal Server Error"),
    },
    "server-error-done": {
      description: "500, although the call took effect",
      calls: "any",
      done: true,
      reply: () => failure(500, "Internal Server Error"),
    },
    "server-error-html": {
      description: "502 with an HTML body",
      calls: "any",
      done: false,
      reply: () => ({ kind: "text", status: 502, body: html }),
    },
    "server-error-empty": {
      description: "503 with an empty body",
      calls: "any",
      done: false,
      reply: () => ({ kind: "text", status: 503, body: "" }),
    },
    "html-with-200": {
      description: "200 with an HTML body, although the call took effect",
      calls: "any",
      done: true,
      reply: () => ({ kind: "text", status: 200, body: html }),
    },
    "invalid-json": {
      description: "200 with JSON that breaks off, although the call took effect",
      calls: "any",
      done: true,
      reply: ({ truthfulReply }) => ({ kind: "text", status: 200, body: brokenOff(truthfulReply) }),
    },
    "error-with-200": {
      description: "200 that carries an error; the call took no effect",
      calls: "any",
      done: false,
      reply: () => failure(200, "Something went wrong, please try again later"),
    },
    "rate-limited": {
      description: "429 with Retry-After in seconds (ms, at least one second)",
      calls: "any",
      done: false,
      ms: 1_000,
      reply: ({ ms }) =>
        failure(429, "Too Many Requests", { "retry-after": String(Math.max(1, Math.ceil(ms / 1000))) }),
    },
    "rate-limited-until": {
      description: "429 with Retry-After as a date (ms from now)",
      calls: "any",
      done: false,
      ms: 1_000,
      reply: ({ ms, cloud }) =>
        failure(429, "Too Many Requests", { "retry-after": new Date(cloud.clock.now() + ms).toUTCString() }),
    },
    "rate-limited-silently": {
      description: "429 without Retry-After",
      calls: "any",
      done: false,
      reply: () => failure(429, "Too Many Requests"),
    },
    unauthorized: {
      description: "401: the key stopped working, also in mid-run",
      calls: "any",
      done: false,
      reply: () => failure(401, "Invalid or expired API key"),
    },
    "payment-required": {
      description: "402",
      calls: "any",
      done: false,
      reply: () => failure(402, "Payment required"),
    },
    forbidden: {
      description: "403",
      calls: "any",
      done: false,
      reply: () => failure(403, "Forbidden"),
    },
    "not-found": {
      description: "404, whatever was asked for",
      calls: "any",
      done: false,
      reply: () => failure(404, "Not Found"),
    },
    "huge-body": {
      description: "200 with a body of 50 MB",
      calls: "any",
      done: true,
      reply: () => ({ kind: "flood", bytes: 50_000_000 }),
    },
    "endless-body": {
      description: "200 with a body that never ends",
      calls: "any",
      done: true,
      reply: () => ({ kind: "flood", bytes: Number.POSITIVE_INFINITY }),
    },
    "dripping-body": {
      description: "200 with a body that comes byte by byte, ten a second, and never ends",
      calls: "any",
      done: true,
      reply: () => ({ kind: "drip" }),
    },
    "redirect-elsewhere": {
      description: "302 to another host, which notes what it is sent",
      calls: "any",
      done: false,
      reply: ({ cloud }) => ({
        kind: "text",
        status: 302,
        body: "",
        headers: { location: `${cloud.redirectUrl()}/stolen` },
      }),
    },
    "escape-codes-in-error": {
      description: "400 whose message carries terminal escape codes",
      calls: "any",
      done: false,
      reply: () => failure(400, `Refused: ${escapes}`),
    },
  }) satisfies Record<string, FaultKind>;

function brokenOff(truthfulReply: Reply | undefined): string {
  const body = JSON.stringify(truthfulReply?.kind === "json" ? truthfulReply.body : { data: null });
  return body.slice(0, Math.max(1, Math.floor(body.length / 2)));
}

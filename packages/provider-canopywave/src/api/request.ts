import { ProxyError, type proxyFetch, proxyOf } from "@unitrain/core/http";
import { readBody } from "./body.ts";
import { clean, plain } from "./clean.ts";
import { ApiFailure } from "./failure.ts";
import { notAnswered } from "./not-answered.ts";

export interface Request {
  readonly fetch: typeof proxyFetch;
  readonly url: string;
  readonly call: string;
  readonly method: string;
  readonly apiKey: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly secrets: readonly string[];
}

/** One request, one answer: the payload. @throws ApiFailure, or the signal's reason. */
export async function request(given: Request): Promise<unknown> {
  const { call, secrets, signal } = given;
  signal.throwIfAborted();
  const time = AbortSignal.timeout(given.timeoutMs);
  try {
    const response = await given.fetch(given.url, {
      method: given.method,
      headers: {
        authorization: `Bearer ${given.apiKey}`,
        accept: "application/json",
        ...(given.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
      // A redirect to another host would take along what it should not.
      redirect: "error",
      signal: AbortSignal.any([signal, time]),
    });
    if (response.redirected) throw new ApiFailure({ kind: "absurd", call, said: "a redirect, refused" });
    return payload(response, await readBody(response), given);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ApiFailure) throw error;
    if (time.aborted && !(error instanceof ProxyError)) {
      throw new ApiFailure({ kind: "no-answer", call, said: `no answer within ${given.timeoutMs / 1000} s` });
    }
    throw notAnswered(error, call, secrets);
  }
}

function payload(response: Response, text: string | undefined, given: Request): unknown {
  const { call, secrets } = given;
  const { status } = response;
  const retryAfterMs = retryAfter(response.headers.get("retry-after"), given.now());
  const json = text === undefined ? undefined : parse(text);
  const proxy = proxyOf(response);
  if (json === undefined && proxy !== undefined && titleOf(text) !== undefined)
    throw perhapsOfProxy(proxy, text, given, status);
  const said = clean(errorIn(json, response.ok ? ["error"] : errorNames) ?? "", secrets);
  if (!response.ok || said !== "") {
    const shown = said === "" ? clean(excerpt(text), secrets) : said;
    throw new ApiFailure({ kind: "answered", call, status, said: shown, retryAfterMs });
  }
  if (text === undefined) throw new ApiFailure({ kind: "absurd", call, status, said: "more than 8 MiB" });
  if (typeof json !== "object" || json === null) {
    throw new ApiFailure({
      kind: "absurd",
      call,
      status,
      said: clean(`no JSON but ${excerpt(text)}`, secrets),
    });
  }
  return "data" in json ? json.data : json;
}

/**
 * A proxy that inspects TLS can answer in the API's place, and only one of them writes web pages. Such a 403 or 404
 * must not be taken for the API's word on whether something exists.
 */
function perhapsOfProxy(
  proxy: string,
  text: string | undefined,
  { call, secrets }: Request,
  status: number,
): ApiFailure {
  return new ApiFailure({
    kind: "absurd",
    call,
    status,
    said: clean(`${excerpt(text)}, probably from the proxy ${proxy}`, secrets),
    hint: "Ask the operator of the proxy to allow CanopyWave's API, or add its host to NO_PROXY.",
  });
}

/** Escape codes go at the border: what a server names may be shown anywhere later. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text, function (this: unknown, _name, value: unknown) {
      if (typeof value !== "string") return value;
      const shown = plain(value);
      // In a bare list stand names of regions and projects: one that is not clean would be another name once it is.
      return Array.isArray(this) && shown !== value ? null : shown;
    });
  } catch {
    return undefined;
  }
}

/** The API says `error`; clients saw the others as well, with a text or with an object around it. */
const errorNames = ["error", "message", "detail", "msg"];

function errorIn(json: unknown, names: readonly string[]): string | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const body = json as Readonly<Record<string, unknown>>;
  for (const name of names) {
    const value = body[name];
    if (value === undefined || value === null || value === false || value === "") continue;
    if (typeof value === "string") return value;
    return errorIn(value, errorNames) ?? JSON.stringify(value);
  }
  return undefined;
}

/** The title of a web page; undefined for anything else. */
function titleOf(text = ""): string | undefined {
  const title = /<title>([^<]*)/i.exec(text)?.[1];
  return title ?? (/^\s*<(?:!doctype html|html)\b/i.test(text) ? "" : undefined);
}

function excerpt(text = ""): string {
  const html = titleOf(text);
  if (html !== undefined) return `a web page, "${html}"`;
  return text.trim() === "" ? "an empty answer" : text.slice(0, 2_000);
}

/** Seconds or a date. */
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

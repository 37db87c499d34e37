import { toPlainLine } from "../../spec/index.ts";
import { getProxy } from "../proxied-responses.ts";
import { ProxyError } from "../proxy-error.ts";
import type { proxyFetch } from "../proxy-fetch.ts";
import { readBody } from "./body.ts";
import { cleanText } from "./clean-text.ts";
import { ApiFailure } from "./failure.ts";
import { toApiFailure } from "./fetch-failure.ts";

export interface Request {
  /** The name of the cloud in messages. */
  readonly cloud: string;
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

/**
 * Sends one request and returns its payload.
 *
 * @throws ApiFailure when the request fails, or the reason of the signal.
 */
export async function request(outgoing: Request): Promise<unknown> {
  const { call, secrets, signal } = outgoing;
  signal.throwIfAborted();
  const timeoutSignal = AbortSignal.timeout(outgoing.timeoutMs);
  try {
    const response = await outgoing.fetch(outgoing.url, {
      method: outgoing.method,
      headers: {
        authorization: `Bearer ${outgoing.apiKey}`,
        accept: "application/json",
        ...(outgoing.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(outgoing.body === undefined ? {} : { body: JSON.stringify(outgoing.body) }),
      // A redirect to another host would send the key there.
      redirect: "error",
      signal: AbortSignal.any([signal, timeoutSignal]),
    });
    if (response.redirected)
      throw new ApiFailure({ kind: "invalid-response", call, response: "a redirect, refused" });
    return readPayload(response, await readBody(response), outgoing);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ApiFailure) throw error;
    if (timeoutSignal.aborted && !(error instanceof ProxyError)) {
      throw new ApiFailure({
        kind: "no-answer",
        call,
        response: `no answer within ${outgoing.timeoutMs / 1000} s`,
      });
    }
    throw toApiFailure(error, call, secrets);
  }
}

function readPayload(response: Response, text: string | undefined, outgoing: Request): unknown {
  const { call, secrets } = outgoing;
  const { status } = response;
  const retryAfterMs = parseRetryAfterMs(response.headers.get("retry-after"), outgoing.now());
  const json = text === undefined ? undefined : parseJson(text);
  const proxy = getProxy(response);
  if (json === undefined && proxy !== undefined && findPageTitle(text) !== undefined)
    throw proxyPageFailure(proxy, text, outgoing, status);
  const errorMessage = cleanText(
    findErrorMessage(json, response.ok ? ["error", "errors"] : errorNames) ?? "",
    secrets,
  );
  if (!response.ok || errorMessage !== "") {
    const shown = errorMessage === "" ? cleanText(describeBody(text), secrets) : errorMessage;
    throw new ApiFailure({ kind: "answered", call, status, response: shown, retryAfterMs });
  }
  if (text === undefined)
    throw new ApiFailure({ kind: "invalid-response", call, status, response: "more than 8 MiB" });
  if (status === 204) return null;
  if (typeof json !== "object" || json === null) {
    throw new ApiFailure({
      kind: "invalid-response",
      call,
      status,
      response: cleanText(`no JSON but ${describeBody(text)}`, secrets),
    });
  }
  return "data" in json ? json.data : json;
}

/**
 * Returns the failure for a web page of a proxy that inspects TLS. The API never sends web pages, and a 403 or 404 of the proxy must not
 * be taken for the API's answer whether something exists.
 */
function proxyPageFailure(
  proxy: string,
  text: string | undefined,
  { cloud, call, secrets }: Request,
  status: number,
): ApiFailure {
  return new ApiFailure({
    kind: "invalid-response",
    call,
    status,
    response: cleanText(`${describeBody(text)}, probably from the proxy ${proxy}`, secrets),
    hint: `Ask the operator of the proxy to allow ${cloud}'s API, or add its host to NO_PROXY.`,
  });
}

/** Parses JSON and makes every text in it one plain line, because names from the server may be shown anywhere. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, function (this: unknown, _name, value: unknown) {
      if (typeof value !== "string") return value;
      const shown = toPlainLine(value);
      // Lists of texts are names of regions and projects. A cleaned name would be a different name, so it is dropped.
      return Array.isArray(this) && shown !== value ? null : shown;
    });
  } catch {
    return undefined;
  }
}

/** `error` is the most common name, `detail` the one of RFC 9457. All may hold a text or an object. */
const errorNames = ["error", "message", "detail", "msg"];

function findErrorMessage(json: unknown, names: readonly string[]): string | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  // GraphQL lists its errors in an answer with the status 200.
  if (Array.isArray(json))
    return json.length === 0 ? undefined : (findErrorMessage(json[0], names) ?? JSON.stringify(json[0]));
  const body = json as Readonly<Record<string, unknown>>;
  for (const name of names) {
    const value = body[name];
    if (value === undefined || value === null || value === false || value === "") continue;
    if (typeof value === "string") return value;
    if (Array.isArray(value) && value.length === 0) continue;
    return describeError(value) ?? JSON.stringify(value);
  }
  return undefined;
}

/** Describes an error that is an object by its message and its code, which tells more reliably what happened. */
function describeError(error: unknown): string | undefined {
  const message = findErrorMessage(error, errorNames);
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return message !== undefined && typeof code === "string" ? `${message} (${code})` : message;
}

/** Returns the title of a web page; undefined for anything else. */
function findPageTitle(text = ""): string | undefined {
  const title = /<title>([^<]*)/i.exec(text)?.[1];
  return title ?? (/^\s*<(?:!doctype html|html)\b/i.test(text) ? "" : undefined);
}

function describeBody(text = ""): string {
  const html = findPageTitle(text);
  if (html !== undefined) return `a web page, "${html}"`;
  return text.trim() === "" ? "an empty answer" : text.slice(0, 2_000);
}

/** Parses `Retry-After`, which is a number of seconds or a date. */
function parseRetryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

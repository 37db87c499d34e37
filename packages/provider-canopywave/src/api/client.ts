import type { CallContext } from "@unitrain/core/spec";
import type { ParsedOptions } from "../options.ts";
import { ApiFailure, isTransient } from "./failure.ts";
import { readApiKey } from "./key.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { request } from "./request.ts";

/** What of a call's context the client needs. */
export interface ApiRequestContext extends Pick<CallContext, "signal" | "secret" | "wait"> {
  /**
   * Set by a caller that repeats by itself: one attempt of at most this long (twice as long for what changes something),
   * and no waiting for a long pause that the provider asked for.
   */
  readonly singleAttempt?: { readonly timeoutMs: number };
}

type Query = Readonly<Record<string, string | undefined>>;

/** The API's calls as such: key, pace, limits, retries. What they mean is in `calls.ts`. */
export interface Client {
  /** Asks; again and again for a moment when it can help. Answers the payload, unread. */
  get(path: string, query: Query, requestContext: ApiRequestContext): Promise<unknown>;
  /** Sends once: whoever changes something settles himself what a lost answer means. */
  send(
    method: "POST" | "DELETE",
    path: string,
    clientCall: ClientCall,
    requestContext: ApiRequestContext,
  ): Promise<unknown>;
}

interface ClientCall {
  readonly query?: Query;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Ends a cost, so it waits neither for its turn nor for a pause that was asked for because of other calls. */
  readonly urgent?: boolean;
}

const retryWaitsMs = [500, 1_000, 2_000];
/** A caller that repeats by itself is told of a longer pause instead of being held. */
const maxShortPauseMs = 5_000;
/** Below core's patience with a single look. */
const defaultTimeoutMs = 20_000;
/** What changes something is given longer: its answer is worth more. */
const changeTimeoutFactor = 3;

export function createClient(options: ParsedOptions): Client {
  const rateLimiter = createRateLimiter(options.now);
  const secrets = new Set<string>();
  /** Who knows the key already: registering it at every request would be work for nothing. */
  const registeredWith = new WeakSet<ApiRequestContext["secret"]>();
  let apiKey: string | undefined;

  const { baseUrl, timeoutMs = defaultTimeoutMs } = options.settings;
  const getTimeoutMs = (method: string, { singleAttempt: once }: ApiRequestContext) => {
    if (once === undefined) return method === "GET" ? timeoutMs : timeoutMs * changeTimeoutFactor;
    return method === "GET" ? Math.min(timeoutMs, once.timeoutMs) : Math.min(timeoutMs, once.timeoutMs) * 2;
  };
  const sendRequest = async (
    method: string,
    path: string,
    clientCall: ClientCall,
    requestContext: ApiRequestContext,
  ) => {
    apiKey ??= readApiKey(options.apiKey);
    const key = apiKey;
    secrets.add(key);
    if (!registeredWith.has(requestContext.secret)) requestContext.secret(key);
    registeredWith.add(requestContext.secret);
    const call = async () => {
      try {
        return await request({
          fetch: options.fetch,
          url: buildUrl(baseUrl, path, clientCall.query),
          call: `${method} ${path}`,
          method,
          apiKey: key,
          body: clientCall.body,
          timeoutMs: getTimeoutMs(method, requestContext),
          signal: requestContext.signal,
          now: options.now,
          secrets: [...secrets, ...findSecrets(clientCall.body)],
        });
      } catch (error) {
        if (error instanceof ApiFailure && error.retryAfterMs !== undefined) {
          rateLimiter.pause(error.retryAfterMs, error);
        }
        throw error;
      }
    };
    if (clientCall.urgent) return call();
    return rateLimiter.run(
      requestContext.wait,
      call,
      requestContext.singleAttempt === undefined ? undefined : maxShortPauseMs,
    );
  };

  return {
    get: (path, query, requestContext) =>
      retryTransient(() => sendRequest("GET", path, { query }, requestContext), requestContext),
    send: sendRequest,
  };
}

/** Waits by the caller's own clock, which a library for retries could not: tests own that time. */
async function retryTransient<T>(
  call: () => Promise<T>,
  { singleAttempt: once, wait, signal }: ApiRequestContext,
): Promise<T> {
  for (const waitMs of once === undefined ? retryWaitsMs : []) {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (!isTransient(error)) throw error;
      await wait(waitMs);
    }
  }
  return call();
}

function buildUrl(baseUrl: string, path: string, query: Query = {}): string {
  const url = new URL(baseUrl + path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

/** A server may well quote what it was sent. */
function findSecrets(body: ClientCall["body"]): readonly string[] {
  const password = body?.password;
  return typeof password === "string" ? [password] : [];
}

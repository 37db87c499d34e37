import { createHash } from "node:crypto";
import type { CallContext } from "../../spec/index.ts";
import type { proxyFetch } from "../proxy-fetch.ts";
import type { CloudApi } from "./cloud-api.ts";
import { ApiFailure, isTransient } from "./failure.ts";
import { readApiKey } from "./key.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { request } from "./request.ts";

/** The part of a call's context that the client needs. */
export interface ApiRequestContext extends Pick<CallContext, "signal" | "secret" | "wait"> {
  /**
   * Set by a caller that repeats calls itself: one attempt with this timeout (twice as long for calls that change something), and no
   * waiting for a long pause that the server requested.
   */
  readonly singleAttempt?: { readonly timeoutMs: number };
}

type Query = Readonly<Record<string, string | undefined>>;

/** Sends requests with key, rate limit, timeouts and retries. The calls themselves are the provider's. */
export interface ApiClient {
  /** Reads; retries transient failures for a few seconds. Returns the payload, not yet validated. */
  get(path: string, query: Query, requestContext: ApiRequestContext): Promise<unknown>;
  /** Sends a change once. The caller decides what a lost response means. */
  send(
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    clientCall: ClientCall,
    requestContext: ApiRequestContext,
  ): Promise<unknown>;
  /** Returns text by which two API keys can be told apart. It does not reveal the key, so it may be stored. */
  getKeyFingerprint(): string;
}

interface ClientCall {
  readonly query?: Query;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Ends a cost, so it ignores the rate limit and any pause that the server requested. */
  readonly urgent?: boolean;
}

/** What the client takes from the options of a provider. */
interface ClientOptions {
  readonly settings: { readonly baseUrl: string; readonly timeoutMs?: number | undefined };
  readonly apiKey: string | undefined;
  readonly fetch: typeof proxyFetch;
  readonly now: () => number;
}

const retryWaitsMs = [500, 1_000, 2_000];
/** A caller that repeats calls itself gets an error for a longer pause instead of waiting. */
const maxShortPauseMs = 5_000;
/** Below core's timeout of `getMachineState`. */
const defaultTimeoutMs = 20_000;
/** Calls that change something get a longer timeout, because their response matters more. */
const changeTimeoutFactor = 3;

/** Creates the client of a cloud. It reads the API key at the first request and registers it as a secret. */
export function createApiClient(api: CloudApi, options: ClientOptions): ApiClient {
  const rateLimiter = createRateLimiter(api.rate, options.now);
  const secrets = new Set<string>();
  /** Contexts in which the key is registered as a secret already, so that this is done once. */
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
    apiKey ??= readApiKey(api, options.apiKey);
    const key = apiKey;
    secrets.add(key);
    if (!registeredWith.has(requestContext.secret)) requestContext.secret(key);
    registeredWith.add(requestContext.secret);
    const call = async () => {
      try {
        return await request({
          cloud: api.cloud,
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
    getKeyFingerprint() {
      apiKey ??= readApiKey(api, options.apiKey);
      return createHash("sha256").update(apiKey).digest("hex").slice(0, 12);
    },
  };
}

/** Retries with the caller's own clock, which a retry library could not use and tests control. */
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

/** Finds secrets in the body, because a server may quote what it received. */
function findSecrets(body: ClientCall["body"]): readonly string[] {
  const password = body?.password;
  return typeof password === "string" ? [password] : [];
}

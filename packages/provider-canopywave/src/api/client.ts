import type { CallContext } from "@unitrain/core/spec";
import pRetry from "p-retry";
import type { ParsedOptions } from "../options.ts";
import { ApiFailure, isPassing } from "./failure.ts";
import { readKey } from "./key.ts";
import { createPace } from "./pace.ts";
import { request } from "./request.ts";

/** What of a call's context the client needs. */
export type Asking = Pick<CallContext, "signal" | "secret" | "wait">;

type Query = Readonly<Record<string, string | undefined>>;

/** The API's calls as such: key, pace, limits, retries. What they mean is in `calls.ts`. */
export interface Client {
  /** Asks; again and again for a moment when it can help. Answers the payload, unread. */
  get(path: string, query: Query, asking: Asking): Promise<unknown>;
  /** Once: whoever changes something settles himself what a lost answer means. */
  send(method: "POST" | "DELETE", path: string, given: Given, asking: Asking): Promise<unknown>;
}

interface Given {
  readonly query?: Query;
  readonly body?: Readonly<Record<string, unknown>>;
}

const retryWaitsMs = [500, 1_000, 2_000];
const longestPauseMs = 60_000;
/** Below core's patience with a single look. */
const defaultTimeoutMs = 20_000;
/** What changes something is given longer: its answer is worth more. */
const changeFactor = 3;

export function createClient(options: ParsedOptions): Client {
  const pace = createPace(options.now);
  const secrets = new Set<string>();
  /** Who knows the key already: registering it at every request would be work for nothing. */
  const told = new WeakSet<Asking["secret"]>();
  let apiKey: string | undefined;

  const { baseUrl, timeoutMs = defaultTimeoutMs } = options.settings;
  const ask = async (method: string, path: string, given: Given, asking: Asking) => {
    apiKey ??= readKey(options.apiKey);
    const key = apiKey;
    secrets.add(key);
    if (!told.has(asking.secret)) asking.secret(key);
    told.add(asking.secret);
    try {
      return await pace.run(asking.wait, () =>
        request({
          fetch: options.fetch,
          url: urlOf(baseUrl, path, given.query),
          call: `${method} ${path}`,
          method,
          apiKey: key,
          body: given.body,
          timeoutMs: method === "GET" ? timeoutMs : timeoutMs * changeFactor,
          signal: asking.signal,
          now: options.now,
          secrets: [...secrets, ...secretsOf(given.body)],
        }),
      );
    } catch (error) {
      if (error instanceof ApiFailure && error.retryAfterMs !== undefined) {
        pace.pause(Math.min(error.retryAfterMs, longestPauseMs));
      }
      throw error;
    }
  };

  return {
    get: (path, query, asking) =>
      // The waits are the caller's, so that tests own them; p-retry itself waits for nothing.
      pRetry(() => ask("GET", path, { query }, asking), {
        retries: retryWaitsMs.length,
        minTimeout: 0,
        signal: asking.signal,
        shouldRetry: ({ error }) => isPassing(error),
        onFailedAttempt: async ({ error, retriesLeft, retriesConsumed }) => {
          if (retriesLeft > 0 && isPassing(error)) await asking.wait(retryWaitsMs[retriesConsumed] ?? 0);
        },
      }),
    send: ask,
  };
}

function urlOf(baseUrl: string, path: string, query: Query = {}): string {
  const url = new URL(baseUrl + path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

/** A server may well quote what it was sent. */
function secretsOf(body: Given["body"]): readonly string[] {
  const password = body?.password;
  return typeof password === "string" ? [password] : [];
}

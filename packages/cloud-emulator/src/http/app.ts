import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { EmulatedCloud } from "../emulator/emulated-cloud.ts";
import { applyFault } from "../faults/apply-fault.ts";
import type { FaultKind } from "../faults/kind.ts";
import type { FaultPlan } from "../faults/plan.ts";
import { type AnswerForm, type ApiCall, type CallRequest, Refusal } from "./call.ts";
import type { EventLog } from "./event-log.ts";
import { getReplyStatus, type Reply } from "./reply.ts";
import { send } from "./send.ts";

type Http = Context<{ Bindings: HttpBindings }>;

/** A call before and after it took effect. Its answer waits for the watchers. */
export interface WatchedCall<Call extends string = string> {
  readonly stage: "asked" | "done";
  readonly request: CallRequest<Call>;
}

/** Called for each existing API call with a valid key. */
export type Watcher<Call extends string = string> = (call: WatchedCall<Call>) => void | Promise<void>;

/** What an API is served from. */
export interface AppParts<Cloud extends EmulatedCloud, Call extends string, Name extends string> {
  readonly cloud: Cloud;
  readonly apiKey: string;
  /** Prefix of every path. */
  readonly basePath: string;
  readonly apiCalls: readonly ApiCall<Call, Cloud>[];
  readonly form: AnswerForm;
  /** Returns whether the header `Authorization` contains the key; by default as a bearer token. */
  readonly isAuthorized?: ((header: string, apiKey: string) => boolean) | undefined;
  /** Refuses a request before it takes effect, such as one beyond a rate limit. */
  readonly refuse?: ((cloud: Cloud, request: CallRequest<Call>) => Reply | undefined) | undefined;
  readonly faults: FaultPlan<Name, Call, CallRequest<Call>, FaultKind<Call, Cloud, CallRequest<Call>>>;
  readonly log: EventLog;
  readonly watchers: ReadonlySet<Watcher<Call>>;
}

/** Creates the HTTP API: checks the key, dispatches the call, applies faults, sends the reply and logs the event. */
export function createApp<Cloud extends EmulatedCloud, Call extends string, Name extends string>(
  parts: AppParts<Cloud, Call, Name>,
): Hono<{ Bindings: HttpBindings }> {
  const { cloud, apiKey, basePath, form, faults, log, watchers } = parts;
  const { isAuthorized = isBearer, refuse = () => undefined } = parts;
  const app = new Hono<{ Bindings: HttpBindings }>();
  let requests = 0;

  const respond = (http: Http, call: string, reply: Reply, fault?: string) => {
    requests += 1;
    const { pathname, search } = new URL(http.req.url);
    log.append({
      number: requests,
      atMs: cloud.clock.now(),
      method: http.req.method,
      path: pathname + search,
      call,
      status: getReplyStatus(reply),
      ...(fault === undefined ? {} : { fault }),
    });
    return send(http, reply);
  };

  for (const { call: mainCall, method, path, name, handle } of parts.apiCalls) {
    app.on(method, basePath + path, async (http: Http) => {
      const body = await readBody(http);
      const call = name?.(body) ?? mainCall;
      if (!isAuthorized(http.req.header("authorization") ?? "", apiKey)) {
        return respond(http, call, form.failure(401, "Invalid API key"));
      }
      const request: CallRequest<Call> = {
        call,
        method,
        path,
        id: http.req.param("id") ?? "",
        query: http.req.query(),
        body,
      };
      for (const watcher of watchers) await watcher({ stage: "asked", request });
      const refusal = refuse(cloud, request);
      if (refusal !== undefined) return respond(http, call, refusal);
      const fault = faults.next(request);
      const execute = () => {
        const reply = runHandler(() => handle(cloud, request));
        if (method !== "GET") cloud.saveChanges();
        return reply;
      };
      const reply =
        fault === undefined
          ? execute()
          : await applyFault(fault, { cloud, request, execute, empty: form.data(null) });
      for (const watcher of watchers) await watcher({ stage: "done", request });
      return respond(http, call, reply, fault?.name);
    });
  }
  app.notFound((http) => respond(http as Http, "unknown", form.failure(404, "Not Found")));
  return app;
}

function isBearer(header: string, apiKey: string): boolean {
  return header === `Bearer ${apiKey}`;
}

async function readBody(http: Http): Promise<Record<string, unknown>> {
  if (http.req.method === "GET") return {};
  try {
    const body: unknown = await http.req.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function runHandler(handler: () => Reply): Reply {
  try {
    return handler();
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

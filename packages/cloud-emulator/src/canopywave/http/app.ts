import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { applyFault } from "../../faults/apply-fault.ts";
import type { EventLog } from "../../http/event-log.ts";
import { getReplyStatus, type Reply } from "../../http/reply.ts";
import { send } from "../../http/send.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import type { FaultPlan } from "../faults/plan.ts";
import { createFailure, createSuccess, Refusal } from "./answers.ts";
import { apiCalls } from "./api-calls.ts";
import type { CallRequest } from "./call.ts";

type Http = Context<{ Bindings: HttpBindings }>;

/** A call before and after it took effect. Its answer waits for the watchers. */
export interface WatchedCall {
  readonly stage: "asked" | "done";
  readonly request: CallRequest;
}

/** Called for each known API call with a valid key. */
export type Watcher = (call: WatchedCall) => void | Promise<void>;

/** Prefix of every path. */
export const basePath = "/api/v1";

/** Creates the HTTP API: checks the key, dispatches the call, applies faults, sends the reply and logs the event. */
export function createApp(parts: {
  readonly cloud: EmulatedCloud;
  readonly apiKey: string;
  readonly faults: FaultPlan;
  readonly log: EventLog;
  readonly watchers: ReadonlySet<Watcher>;
}): Hono<{ Bindings: HttpBindings }> {
  const { cloud, apiKey, faults, log, watchers } = parts;
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

  for (const { call, method, path, handle: answer } of apiCalls) {
    app.on(method, basePath + path, async (http: Http) => {
      if (http.req.header("authorization") !== `Bearer ${apiKey}`) {
        return respond(http, call, createFailure(401, "Invalid API key"));
      }
      const request: CallRequest = {
        call,
        method,
        path,
        id: http.req.param("id") ?? "",
        query: http.req.query(),
        body: await readBody(http),
      };
      for (const watcher of watchers) await watcher({ stage: "asked", request });
      const fault = faults.next(request);
      const execute = () => {
        const reply = runHandler(() => answer(cloud, request));
        if (method !== "GET") cloud.saveChanges();
        return reply;
      };
      const reply =
        fault === undefined
          ? execute()
          : await applyFault(fault, { cloud, request, execute, empty: createSuccess(null) });
      for (const watcher of watchers) await watcher({ stage: "done", request });
      return respond(http, call, reply, fault?.name);
    });
  }
  app.notFound((http) => respond(http as Http, "unknown", createFailure(404, "Not Found")));
  return app;
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

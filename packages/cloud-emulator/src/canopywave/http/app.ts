import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { playFault } from "../../faults/play.ts";
import type { EventLog } from "../../http/event-log.ts";
import { type Reply, statusOf } from "../../http/reply.ts";
import { send } from "../../http/send.ts";
import type { FaultPlan } from "../faults/plan.ts";
import type { World } from "../world/world.ts";
import { data, failure, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { table } from "./table.ts";

type Http = Context<{ Bindings: HttpBindings }>;

/** A call, before and after it took effect; its answer waits for whoever watches. */
export interface WatchedCall {
  readonly stage: "asked" | "done";
  readonly request: CallRequest;
}

/** Called for each call with the right key, known ones only. */
export type Watcher = (call: WatchedCall) => void | Promise<void>;

/** What stands before the calls in every path. */
export const basePath = "/api/v1";

/** The API over HTTP: who asks, what is asked, which fault is due, what goes out, and a line in the event log. */
export function createApp(parts: {
  readonly world: World;
  readonly apiKey: string;
  readonly faults: FaultPlan;
  readonly log: EventLog;
  readonly watchers: ReadonlySet<Watcher>;
}): Hono<{ Bindings: HttpBindings }> {
  const { world, apiKey, faults, log, watchers } = parts;
  const app = new Hono<{ Bindings: HttpBindings }>();
  let requests = 0;

  const note = (http: Http, call: string, reply: Reply, fault?: string) => {
    requests += 1;
    const { pathname, search } = new URL(http.req.url);
    log.append({
      number: requests,
      atMs: world.clock.now(),
      method: http.req.method,
      path: pathname + search,
      call,
      status: statusOf(reply),
      ...(fault === undefined ? {} : { fault }),
    });
    return send(http, reply);
  };

  for (const { call, method, path, answer } of table) {
    app.on(method, basePath + path, async (http: Http) => {
      if (http.req.header("authorization") !== `Bearer ${apiKey}`) {
        return note(http, call, failure(401, "Invalid API key"));
      }
      const request: CallRequest = {
        call,
        method,
        path,
        id: http.req.param("id") ?? "",
        query: http.req.query(),
        body: await bodyOf(http),
      };
      for (const watcher of watchers) await watcher({ stage: "asked", request });
      const fault = faults.next(request);
      const take = () => {
        const reply = answerOrRefuse(() => answer(world, request));
        if (method !== "GET") world.changed();
        return reply;
      };
      const reply =
        fault === undefined ? take() : await playFault(fault, { world, request, take, empty: data(null) });
      for (const watcher of watchers) await watcher({ stage: "done", request });
      return note(http, call, reply, fault?.name);
    });
  }
  app.notFound((http) => note(http as Http, "unknown", failure(404, "Not Found")));
  return app;
}

async function bodyOf(http: Http): Promise<Record<string, unknown>> {
  if (http.req.method === "GET") return {};
  try {
    const body: unknown = await http.req.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function answerOrRefuse(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

import type { Reply, ReplyHeaders } from "./reply.ts";

/** A request as the handlers receive it. */
export interface CallRequest<Call extends string = string> {
  readonly call: Call;
  readonly method: string;
  /** Path below the base URL, without the query. */
  readonly path: string;
  /** The id or name in the path. */
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A call of an API, with the handler that answers it. */
export interface ApiCall<Call extends string, Cloud> {
  readonly call: Call;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the base URL; `:id` is a parameter. */
  readonly path: string;
  /** Returns the name of the call by its body, where one path has several: GraphQL. By default it is `call`. */
  readonly name?: (body: Readonly<Record<string, unknown>>) => Call;
  readonly handle: (cloud: Cloud, request: CallRequest<Call>) => Reply;
}

/** How an API words what it answers. */
export interface AnswerForm {
  data(payload: unknown): Reply;
  failure(status: number, error: string, headers?: ReplyHeaders): Reply;
}

/** Thrown by a handler to reply with an error. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super("The request is refused.");
    this.reply = reply;
  }
}

import type * as http from "../../http/call.ts";

/** Names of all API calls, as faults and events use them. `deploy`, `bids` and `myself` are operations of GraphQL. */
export const callNames = [
  "gpus",
  "cpus",
  "pods",
  "pod",
  "create",
  "action",
  "terminate",
  "deploy",
  "bids",
  "myself",
] as const;

/** The name of a call of the emulated API. */
export type CallName = (typeof callNames)[number];

/** A request to this API. */
export type CallRequest = http.CallRequest<CallName>;

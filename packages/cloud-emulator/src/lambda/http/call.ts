import type * as http from "../../http/call.ts";

/** Names of all API calls, as faults and events use them. */
export const callNames = [
  "instance-types",
  "instances",
  "instance",
  "launch",
  "restart",
  "terminate",
  "ssh-keys",
  "ssh-key-create",
  "ssh-key-delete",
  "images",
  "regions",
  "file-systems",
  "firewall-global",
] as const;

/** The name of a call of the emulated API. */
export type CallName = (typeof callNames)[number];

/** A request to this API. */
export type CallRequest = http.CallRequest<CallName>;

import type * as http from "../../http/call.ts";

/** Names of all API calls, as faults and events use them. */
export const callNames = [
  "projects",
  "regions",
  "images",
  "instance-types",
  "flavor-availability",
  "balance",
  "billing",
  "instances",
  "instances-running",
  "instance",
  "launch",
  "restart",
  "terminate",
  "ssh-keys",
  "ssh-key-create",
  "ssh-key-delete",
  "ips",
  "ip-allocate",
  "ip-associate",
  "ip-disassociate",
  "ip-release",
  "volumes",
  "volume",
  "volume-create",
  "volume-delete",
  "file-systems",
  "file-system",
  "file-system-create",
  "file-system-delete",
] as const;

/** The name of a call of the emulated API. */
export type CallName = (typeof callNames)[number];

/** A request to this API. */
export type CallRequest = http.CallRequest<CallName>;

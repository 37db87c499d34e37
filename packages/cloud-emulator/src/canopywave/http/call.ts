/** Every row of the API, by a name that faults and events use. */
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

export type CallName = (typeof callNames)[number];

/** A request as the calls see it. */
export interface CallRequest {
  readonly call: CallName;
  readonly method: string;
  /** Below the base URL, without the query. */
  readonly path: string;
  /** What the path names: an id or a name. */
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

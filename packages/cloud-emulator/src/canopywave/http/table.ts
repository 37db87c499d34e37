import type { Reply } from "../../http/reply.ts";
import type { World } from "../world/world.ts";
import * as addresses from "./address-calls.ts";
import type { CallName, CallRequest } from "./call.ts";
import * as catalogue from "./catalogue-calls.ts";
import * as instances from "./instance-calls.ts";
import * as keys from "./key-calls.ts";
import * as storage from "./storage-calls.ts";

type Method = "GET" | "POST" | "DELETE";
type Answer = (world: World, request: CallRequest) => Reply;

interface Row {
  readonly call: CallName;
  readonly method: Method;
  /** Below the base URL; `:id` is what the path names. */
  readonly path: string;
  readonly answer: Answer;
}

/** Every call of the API. The order matters: a fixed word stands before an id. */
export const table: readonly Row[] = [
  row("projects", "GET", "/projects", catalogue.projects),
  row("regions", "GET", "/regions", catalogue.regions),
  row("images", "GET", "/images", catalogue.images),
  row("instance-types", "GET", "/instance-types", catalogue.instanceTypes),
  row("flavor-availability", "GET", "/flavor-availability", catalogue.flavorAvailability),
  row("balance", "GET", "/account/balance", catalogue.balance),
  row("billing", "GET", "/billing", catalogue.billing),
  row("instances", "GET", "/instances", instances.instances),
  row("instances-running", "GET", "/instances/running", instances.runningInstances),
  row("instance", "GET", "/instances/:id", instances.instance),
  row("launch", "POST", "/instance-operations/launch", instances.launch),
  row("restart", "POST", "/instance-operations/restart", instances.restart),
  row("terminate", "POST", "/instance-operations/terminate", instances.terminate),
  row("ssh-keys", "GET", "/ssh-keys", keys.sshKeys),
  row("ssh-key-create", "POST", "/ssh-keys", keys.createSshKey),
  row("ssh-key-delete", "DELETE", "/ssh-keys/:id", keys.deleteSshKey),
  row("ips", "GET", "/ips", addresses.ips),
  row("ip-allocate", "POST", "/ips", addresses.allocateIp),
  row("ip-associate", "POST", "/ips/:id/associate", addresses.associateIp),
  row("ip-disassociate", "DELETE", "/ips/:id/disassociate", addresses.disassociateIp),
  row("ip-release", "DELETE", "/ips/:id", addresses.releaseIp),
  ...storageRows("volume"),
  ...storageRows("file-system"),
];

function row(call: CallName, method: Method, path: string, answer: Answer): Row {
  return { call, method, path, answer };
}

function storageRows(kind: "volume" | "file-system"): Row[] {
  const path = `/${kind}s`;
  return [
    row(`${kind}s`, "GET", path, (world, request) => storage.storageList(world, request, kind)),
    row(kind, "GET", `${path}/:id`, (world, request) => storage.storage(world, request, kind)),
    row(`${kind}-create`, "POST", path, (world, request) => storage.createStorage(world, request, kind)),
    row(`${kind}-delete`, "DELETE", `${path}/:id`, (world, request) =>
      storage.deleteStorage(world, request, kind),
    ),
  ];
}

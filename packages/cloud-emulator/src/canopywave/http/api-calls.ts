import type * as http from "../../http/call.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import * as addresses from "./address-calls.ts";
import type { CallName } from "./call.ts";
import * as catalog from "./catalog-calls.ts";
import * as instances from "./instance-calls.ts";
import * as keys from "./key-calls.ts";
import * as storage from "./storage-calls.ts";

type ApiCall = http.ApiCall<CallName, EmulatedCloud>;

/** All calls of the API. The order matters: fixed paths come before those with an id. */
export const apiCalls: readonly ApiCall[] = [
  createCall("projects", "GET", "/projects", catalog.listProjects),
  createCall("regions", "GET", "/regions", catalog.listRegions),
  createCall("images", "GET", "/images", catalog.listImages),
  createCall("instance-types", "GET", "/instance-types", catalog.listInstanceTypes),
  createCall("flavor-availability", "GET", "/flavor-availability", catalog.getFlavorAvailability),
  createCall("balance", "GET", "/account/balance", catalog.getBalance),
  createCall("billing", "GET", "/billing", catalog.getBilling),
  createCall("instances", "GET", "/instances", instances.listInstances),
  createCall("instances-running", "GET", "/instances/running", instances.listRunningInstances),
  createCall("instance", "GET", "/instances/:id", instances.getInstance),
  createCall("launch", "POST", "/instance-operations/launch", instances.launchInstance),
  createCall("restart", "POST", "/instance-operations/restart", instances.restartInstance),
  createCall("terminate", "POST", "/instance-operations/terminate", instances.terminateById),
  createCall("ssh-keys", "GET", "/ssh-keys", keys.listSshKeys),
  createCall("ssh-key-create", "POST", "/ssh-keys", keys.createSshKey),
  createCall("ssh-key-delete", "DELETE", "/ssh-keys/:id", keys.deleteSshKey),
  createCall("ips", "GET", "/ips", addresses.listIps),
  createCall("ip-allocate", "POST", "/ips", addresses.allocateIp),
  createCall("ip-associate", "POST", "/ips/:id/associate", addresses.associateIp),
  createCall("ip-disassociate", "DELETE", "/ips/:id/disassociate", addresses.disassociateIp),
  createCall("ip-release", "DELETE", "/ips/:id", addresses.releaseIp),
  ...createStorageCalls("volume"),
  ...createStorageCalls("file-system"),
];

function createCall(
  call: CallName,
  method: ApiCall["method"],
  path: string,
  handle: ApiCall["handle"],
): ApiCall {
  return { call, method, path, handle };
}

function createStorageCalls(kind: "volume" | "file-system"): ApiCall[] {
  const path = `/${kind}s`;
  return [
    createCall(`${kind}s`, "GET", path, (cloud, request) => storage.listStorage(cloud, request, kind)),
    createCall(kind, "GET", `${path}/:id`, (cloud, request) => storage.getStorage(cloud, request, kind)),
    createCall(`${kind}-create`, "POST", path, (cloud, request) =>
      storage.createStorage(cloud, request, kind),
    ),
    createCall(`${kind}-delete`, "DELETE", `${path}/:id`, (cloud, request) =>
      storage.deleteStorage(cloud, request, kind),
    ),
  ];
}

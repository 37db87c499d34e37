import type { ApiCall } from "../../http/call.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import { createSuccess } from "./answers.ts";
import type { CallName } from "./call.ts";
import * as catalog from "./catalog-calls.ts";
import * as instances from "./instance-calls.ts";
import * as keys from "./key-calls.ts";

/** The calls of the API that a client needs to rent a machine. */
export const apiCalls: readonly ApiCall<CallName, EmulatedCloud>[] = [
  { call: "instance-types", method: "GET", path: "/instance-types", handle: catalog.listInstanceTypes },
  { call: "images", method: "GET", path: "/images", handle: catalog.listImages },
  { call: "regions", method: "GET", path: "/regions", handle: catalog.listRegions },
  { call: "file-systems", method: "GET", path: "/file-systems", handle: () => createSuccess([]) },
  {
    call: "firewall-global",
    method: "GET",
    path: "/firewall-rulesets/global",
    handle: catalog.getGlobalFirewall,
  },
  { call: "instances", method: "GET", path: "/instances", handle: instances.listInstances },
  { call: "instance", method: "GET", path: "/instances/:id", handle: instances.getInstance },
  { call: "launch", method: "POST", path: "/instance-operations/launch", handle: instances.launchInstance },
  {
    call: "restart",
    method: "POST",
    path: "/instance-operations/restart",
    handle: instances.restartInstances,
  },
  {
    call: "terminate",
    method: "POST",
    path: "/instance-operations/terminate",
    handle: instances.terminateInstances,
  },
  { call: "ssh-keys", method: "GET", path: "/ssh-keys", handle: keys.listSshKeys },
  { call: "ssh-key-create", method: "POST", path: "/ssh-keys", handle: keys.createSshKey },
  { call: "ssh-key-delete", method: "DELETE", path: "/ssh-keys/:id", handle: keys.deleteSshKey },
];

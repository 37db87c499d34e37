import type * as http from "../../http/call.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import { createGraphQlFailure } from "./answers.ts";
import type { CallName } from "./call.ts";
import * as catalog from "./catalog-calls.ts";
import * as creation from "./create-calls.ts";
import * as pods from "./pod-calls.ts";

type ApiCall = http.ApiCall<CallName, EmulatedCloud>;

/** All calls of the API, and the operations of GraphQL that its clients need. */
export const apiCalls: readonly ApiCall[] = [
  { call: "gpus", method: "GET", path: "/v2/catalog/gpus", handle: catalog.listGpus },
  { call: "cpus", method: "GET", path: "/v2/catalog/cpus", handle: catalog.listCpus },
  { call: "pods", method: "GET", path: "/v2/pods", handle: pods.listPods },
  { call: "pod", method: "GET", path: "/v2/pods/:id", handle: pods.getPod },
  { call: "create", method: "POST", path: "/v2/pods", handle: creation.createByRest },
  { call: "action", method: "POST", path: "/v2/pods/:id/action", handle: pods.changePod },
  { call: "terminate", method: "DELETE", path: "/v2/pods/:id", handle: pods.terminatePod },
  {
    call: "deploy",
    method: "POST",
    path: "/graphql",
    name: (body) => findOperation(String(body.query)),
    handle(cloud, request) {
      if (request.call === "myself") return creation.getMyself(cloud);
      if (request.call === "bids") return creation.listBids(cloud);
      if (/podFindAndDeployOnDemand|podRentInterruptable/.test(String(request.body.query)))
        return creation.createByGraphQl(cloud, request);
      return createGraphQlFailure("Cannot query this field");
    },
  },
];

function findOperation(query: string): CallName {
  if (query.includes("myself")) return "myself";
  return query.includes("gpuTypes") ? "bids" : "deploy";
}

import { type ApiClient, type ApiRequestContext, parseAnswer as read } from "@unitrain/core/http";
import * as answers from "./answers.ts";

/** Project and region of a resource. */
export interface Place {
  readonly project: string;
  readonly region: string;
}

export interface Launch extends Place {
  readonly name: string;
  readonly flavor: string;
  readonly image: string;
  readonly password: string;
  readonly keypair: string;
}

/** The API calls that are used, with validated results. */
export type Calls = ReturnType<typeof createCalls>;

export function createCalls(client: ApiClient) {
  const { get, send } = client;
  return {
    async projects(requestContext: ApiRequestContext) {
      return read(answers.words, await get("/projects", {}, requestContext), "GET /projects");
    },
    async regions(project: string, requestContext: ApiRequestContext) {
      return read(answers.words, await get("/regions", { project }, requestContext), "GET /regions");
    },
    async images(project: string, requestContext: ApiRequestContext) {
      return read(answers.words, await get("/images", { project }, requestContext), "GET /images");
    },
    async instanceTypes(project: string, requestContext: ApiRequestContext) {
      const payload = await get("/instance-types", { project }, requestContext);
      return read(answers.instanceTypes, payload, "GET /instance-types");
    },
    async availability(place: Place, flavor: string, requestContext: ApiRequestContext) {
      const payload = await get("/flavor-availability", { ...place, flavor }, requestContext);
      return read(answers.availability, payload, "GET /flavor-availability");
    },
    async balance(requestContext: ApiRequestContext) {
      return read(answers.balance, await get("/account/balance", {}, requestContext), "GET /account/balance");
    },
    /** Lists the instances of all regions. */
    async instances(project: string, requestContext: ApiRequestContext) {
      return read(
        answers.listedInstances,
        await get("/instances", { project }, requestContext),
        "GET /instances",
      );
    },
    async instance(place: Place, id: string, requestContext: ApiRequestContext) {
      const path = `/instances/${encodeURIComponent(id)}`;
      return read(answers.server, await get(path, { ...place }, requestContext), `GET ${path}`);
    },
    async launch(launch: Launch, requestContext: ApiRequestContext) {
      const path = "/instance-operations/launch";
      const payload = await send("POST", path, { body: { ...launch, is_monitoring: false } }, requestContext);
      return read(answers.created, payload, `POST ${path}`).id;
    },
    async terminate(place: Place, id: string, requestContext: ApiRequestContext) {
      await send(
        "POST",
        "/instance-operations/terminate",
        { body: { ...place, id }, urgent: true },
        requestContext,
      );
    },
    async keys(place: Place, requestContext: ApiRequestContext) {
      return read(answers.keys, await get("/ssh-keys", { ...place }, requestContext), "GET /ssh-keys").map(
        ({ keypair }) => keypair,
      );
    },
    async addKey(place: Place, name: string, publicKey: string, requestContext: ApiRequestContext) {
      await send("POST", "/ssh-keys", { body: { ...place, name, publicKey } }, requestContext);
    },
    async removeKey(place: Place, name: string, requestContext: ApiRequestContext) {
      const path = `/ssh-keys/${encodeURIComponent(name)}`;
      await send("DELETE", path, { query: { ...place }, urgent: true }, requestContext);
    },
    async ips(place: Place, requestContext: ApiRequestContext) {
      return read(answers.ips, await get("/ips", { ...place }, requestContext), "GET /ips");
    },
    async allocateIp(place: Place, requestContext: ApiRequestContext) {
      return read(
        answers.createdIp,
        await send("POST", "/ips", { body: { ...place } }, requestContext),
        "POST /ips",
      );
    },
    async associateIp(place: Place, ipId: string, instanceId: string, requestContext: ApiRequestContext) {
      const path = `/ips/${encodeURIComponent(ipId)}/associate`;
      await send("POST", path, { body: { ...place, instanceId } }, requestContext);
    },
    async disassociateIp(place: Place, ipId: string, requestContext: ApiRequestContext) {
      const path = `/ips/${encodeURIComponent(ipId)}/disassociate`;
      await send("DELETE", path, { query: { ...place }, urgent: true }, requestContext);
    },
    async removeIp(place: Place, ipId: string, requestContext: ApiRequestContext) {
      const path = `/ips/${encodeURIComponent(ipId)}`;
      await send("DELETE", path, { query: { ...place }, urgent: true }, requestContext);
    },
  };
}

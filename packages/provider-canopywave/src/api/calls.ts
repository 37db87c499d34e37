import * as answers from "./answers.ts";
import type { Asking, Client } from "./client.ts";

/** Where something is, at CanopyWave. */
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

/** The calls of the API that are used, each with what it answers. */
export type Calls = ReturnType<typeof createCalls>;

export function createCalls(client: Client) {
  const { read } = answers;
  const { get, send } = client;
  return {
    async projects(asking: Asking) {
      return read(answers.words, await get("/projects", {}, asking), "GET /projects");
    },
    async regions(project: string, asking: Asking) {
      return read(answers.words, await get("/regions", { project }, asking), "GET /regions");
    },
    async images(project: string, asking: Asking) {
      return read(answers.words, await get("/images", { project }, asking), "GET /images");
    },
    async instanceTypes(project: string, asking: Asking) {
      const payload = await get("/instance-types", { project }, asking);
      return read(answers.instanceTypes, payload, "GET /instance-types");
    },
    async availability(place: Place, flavor: string, asking: Asking) {
      const payload = await get("/flavor-availability", { ...place, flavor }, asking);
      return read(answers.availability, payload, "GET /flavor-availability");
    },
    async balance(asking: Asking) {
      return read(answers.balance, await get("/account/balance", {}, asking), "GET /account/balance");
    },
    /** Of all regions. */
    async instances(project: string, asking: Asking) {
      return read(answers.listedInstances, await get("/instances", { project }, asking), "GET /instances");
    },
    async instance(place: Place, id: string, asking: Asking) {
      const path = `/instances/${encodeURIComponent(id)}`;
      return read(answers.server, await get(path, { ...place }, asking), `GET ${path}`);
    },
    async launch(launch: Launch, asking: Asking) {
      const path = "/instance-operations/launch";
      const payload = await send("POST", path, { body: { ...launch, is_monitoring: false } }, asking);
      return read(answers.created, payload, `POST ${path}`).id;
    },
    async terminate(place: Place, id: string, asking: Asking) {
      await send("POST", "/instance-operations/terminate", { body: { ...place, id }, urgent: true }, asking);
    },
    async keys(place: Place, asking: Asking) {
      return read(answers.keys, await get("/ssh-keys", { ...place }, asking), "GET /ssh-keys").map(
        ({ keypair }) => keypair,
      );
    },
    async addKey(place: Place, name: string, publicKey: string, asking: Asking) {
      await send("POST", "/ssh-keys", { body: { ...place, name, publicKey } }, asking);
    },
    async removeKey(place: Place, name: string, asking: Asking) {
      const path = `/ssh-keys/${encodeURIComponent(name)}`;
      await send("DELETE", path, { query: { ...place }, urgent: true }, asking);
    },
    async ips(place: Place, asking: Asking) {
      return read(answers.ips, await get("/ips", { ...place }, asking), "GET /ips");
    },
    async allocateIp(place: Place, asking: Asking) {
      return read(answers.createdIp, await send("POST", "/ips", { body: { ...place } }, asking), "POST /ips");
    },
    async associateIp(place: Place, ipId: string, instanceId: string, asking: Asking) {
      const path = `/ips/${encodeURIComponent(ipId)}/associate`;
      await send("POST", path, { body: { ...place, instanceId } }, asking);
    },
    async disassociateIp(place: Place, ipId: string, asking: Asking) {
      const path = `/ips/${encodeURIComponent(ipId)}/disassociate`;
      await send("DELETE", path, { query: { ...place }, urgent: true }, asking);
    },
    async removeIp(place: Place, ipId: string, asking: Asking) {
      const path = `/ips/${encodeURIComponent(ipId)}`;
      await send("DELETE", path, { query: { ...place }, urgent: true }, asking);
    },
  };
}

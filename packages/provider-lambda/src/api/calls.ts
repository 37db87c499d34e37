import { type ApiClient, type ApiRequestContext, parseAnswer } from "@unitrain/core/http";
import * as answers from "./answers.ts";

export interface Launch {
  readonly region: string;
  readonly instanceType: string;
  readonly name: string;
  readonly keyName: string;
  /** The family of the image; Lambda's own default without it. */
  readonly imageFamily?: string | undefined;
}

/** The API calls that are used, with validated results. No list of this API has pages. */
export type Calls = ReturnType<typeof createCalls>;

export function createCalls(client: ApiClient) {
  const { get, send } = client;
  const listInstances = async (context: ApiRequestContext) =>
    parseAnswer(answers.instances, await get("/instances", {}, context), "GET /instances");
  return {
    getKeyFingerprint: () => client.getKeyFingerprint(),
    async instanceTypes(context: ApiRequestContext) {
      return parseAnswer(
        answers.instanceTypes,
        await get("/instance-types", {}, context),
        "GET /instance-types",
      );
    },
    async imageFamilies(context: ApiRequestContext) {
      const listed = parseAnswer(answers.images, await get("/images", {}, context), "GET /images");
      return [...new Set(listed.map(({ family }) => family))];
    },
    instances: listInstances,
    /** Lists the ids of all existing instances of this exact name. */
    async listIds(name: string, context: ApiRequestContext) {
      return (await listInstances(context))
        .filter((listed) => listed.name === name && listed.status !== "terminated")
        .map(({ id }) => id);
    },
    async instance(id: string, context: ApiRequestContext) {
      const path = `/instances/${encodeURIComponent(id)}`;
      return parseAnswer(answers.instance, await get(path, {}, context), `GET ${path}`);
    },
    async launch({ region, instanceType, name, keyName, imageFamily }: Launch, context: ApiRequestContext) {
      const path = "/instance-operations/launch";
      const body = {
        region_name: region,
        instance_type_name: instanceType,
        ssh_key_names: [keyName],
        name,
        ...(imageFamily === undefined ? {} : { image: { family: imageFamily } }),
      };
      const [id = ""] = parseAnswer(
        answers.launched,
        await send("POST", path, { body }, context),
        `POST ${path}`,
      ).instance_ids;
      return id;
    },
    async terminate(id: string, context: ApiRequestContext) {
      const body = { instance_ids: [id] };
      await send("POST", "/instance-operations/terminate", { body, urgent: true }, context);
    },
    async keys(context: ApiRequestContext) {
      return parseAnswer(answers.keys, await get("/ssh-keys", {}, context), "GET /ssh-keys");
    },
    async addKey(name: string, publicKey: string, context: ApiRequestContext) {
      const payload = await send("POST", "/ssh-keys", { body: { name, public_key: publicKey } }, context);
      return parseAnswer(answers.key, payload, "POST /ssh-keys").id;
    },
    async removeKey(id: string, context: ApiRequestContext) {
      await send("DELETE", `/ssh-keys/${encodeURIComponent(id)}`, { urgent: true }, context);
    },
    /** Whether the account's global firewall rules let SSH in from anywhere at all. */
    async allowsSsh(port: number, context: ApiRequestContext) {
      const path = "/firewall-rulesets/global";
      const { rules } = parseAnswer(answers.firewall, await get(path, {}, context), `GET ${path}`);
      return rules.some(({ protocol, port_range: range }) => {
        const [first = 0, last = first] = range ?? [0, 65_535];
        return (protocol === "all" || protocol === "tcp") && first <= port && port <= last;
      });
    },
  };
}

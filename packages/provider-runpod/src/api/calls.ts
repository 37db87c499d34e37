import { type ApiClient, ApiFailure, type ApiRequestContext, parseAnswer } from "@unitrain/core/http";
import * as answers from "./answers.ts";
import { findMessageMeaning } from "./explain.ts";

export type CloudTier = "SECURE" | "COMMUNITY";

/** The API calls that are used, with validated results. */
export type Calls = ReturnType<typeof createCalls>;

export function createCalls(client: ApiClient) {
  const availability = { include: "AVAILABILITY", product: "POD" };
  /** Sends one operation of GraphQL. An error whose meaning is clear proves that nothing was created, although its status is 200. */
  const askGraphQl = async (query: string, variables: object, requestContext: ApiRequestContext) => {
    try {
      return await client.send("POST", "/graphql", { body: { query, variables } }, requestContext);
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 200 || error.kind !== "answered") throw error;
      if (/unauthori[sz]ed|forbidden|permission|not authenticated/i.test(error.response))
        throw copyFailure(error, 403);
      throw findMessageMeaning(error.response) === undefined ? error : copyFailure(error, 400);
    }
  };
  return {
    getKeyFingerprint: () => client.getKeyFingerprint(),
    async gpuTypes(
      filter: { readonly count: number; readonly cloud: CloudTier },
      context: ApiRequestContext,
    ) {
      const query = { ...availability, count: String(filter.count), cloud: filter.cloud };
      const payload = await client.get("/v2/catalog/gpus", query, context);
      return parseAnswer(answers.gpuTypes, payload, "GET /v2/catalog/gpus").gpus;
    },
    async cpuTypes(context: ApiRequestContext) {
      const payload = await client.get("/v2/catalog/cpus", availability, context);
      return parseAnswer(answers.cpuTypes, payload, "GET /v2/catalog/cpus").cpus;
    },
    /** Lists all pods of the account: the API has no pages. */
    async pods(context: ApiRequestContext) {
      const payload = await client.get("/v2/pods", {}, context);
      return parseAnswer(answers.pods, payload, "GET /v2/pods").pods;
    },
    async pod(id: string, context: ApiRequestContext) {
      const path = `/v2/pods/${encodeURIComponent(id)}`;
      return parseAnswer(answers.pod, await client.get(path, {}, context), `GET ${path}`);
    },
    async createPod(body: Readonly<Record<string, unknown>>, context: ApiRequestContext) {
      const payload = await client.send("POST", "/v2/pods", { body }, context);
      return parseAnswer(answers.createdPod, payload, "POST /v2/pods");
    },
    /** Creates a pod by GraphQL, which alone accepts a time of termination, a bid, and the wish for a public address. */
    async deployPod(
      mutation: "podFindAndDeployOnDemand" | "podRentInterruptable",
      input: Readonly<Record<string, unknown>>,
      context: ApiRequestContext,
    ) {
      const type =
        mutation === "podRentInterruptable" ? "PodRentInterruptableInput" : "PodFindAndDeployOnDemandInput";
      const query = `mutation ($input: ${type}!) { pod: ${mutation}(input: $input) { id costPerHr } }`;
      const payload = await askGraphQl(query, { input }, context);
      const { pod } = parseAnswer(answers.deployed, payload, "POST /graphql");
      return { id: pod.id, cost: pod.costPerHr };
    },
    async terminate(id: string, context: ApiRequestContext) {
      await client.send("DELETE", `/v2/pods/${encodeURIComponent(id)}`, { urgent: true }, context);
    },
    /** Reads the lowest bids for interruptible pods, in US dollars per hour and GPU, by GPU type. */
    async bids(filter: { readonly count: number; readonly cloud: CloudTier }, context: ApiRequestContext) {
      const input = `{ gpuCount: ${filter.count}, secureCloud: ${filter.cloud === "SECURE"} }`;
      const query = `query { gpuTypes { id lowestPrice(input: ${input}) { minimumBidPrice } } }`;
      const payload = await askGraphQl(query, {}, context);
      const { gpuTypes } = parseAnswer(answers.bids, payload, "POST /graphql");
      return new Map(gpuTypes.map(({ id, lowestPrice }) => [id, lowestPrice?.minimumBidPrice ?? undefined]));
    },
    async accountId(context: ApiRequestContext) {
      const payload = await askGraphQl("query { myself { id } }", {}, context);
      return parseAnswer(answers.account, payload, "POST /graphql").myself.id;
    },
  };
}

function copyFailure({ call, response, retryAfterMs }: ApiFailure, status: number): ApiFailure {
  return new ApiFailure({
    kind: "answered",
    call,
    status,
    response,
    retryAfterMs,
    isRefused: true,
    isTransient: false,
  });
}

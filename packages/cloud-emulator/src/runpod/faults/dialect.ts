import type { FaultDialect } from "../../faults/dialect.ts";
import { createChanges } from "../../faults/instance-faults.ts";
import type { FaultScene } from "../../faults/kind.ts";
import type { Reply } from "../../http/reply.ts";
import { createPod, type EmulatedCloud, type PodRecord } from "../cloud/cloud.ts";
import { createFailure, createSuccess } from "../http/answers.ts";
import type { CallName, CallRequest } from "../http/call.ts";

type Scene = FaultScene<EmulatedCloud, CallRequest>;

/** How this API expresses the faults of all clouds. */
export const dialect: FaultDialect<EmulatedCloud, CallName, PodRecord> = {
  data: createSuccess,
  failure: createFailure,
  calls: {
    launch: ["create", "deploy"],
    lists: ["pods"],
    terminate: ["terminate"],
    keyCreate: [],
    keyDelete: [],
    prices: ["gpus"],
    texts: ["pods", "pod", "gpus"],
    descriptions: ["pods", "pod"],
  },
  textFields: ["image", "detail", "manufacturer", "command"],
  requiredFields: ["id", "name", "status", "host", "port"],
  requiredObjects: ["ssh"],
  getPayload: readPayload,
  findInstance: findPod,
  launchAgain(cloud, { id: _own, ...pod }) {
    createPod(cloud, { ...pod, publicKey: pod.publicKey ?? undefined });
  },
  acknowledge: () => ({ kind: "text", status: 204, body: "" }),
  changePrices(payload, change) {
    const { gpus = [] } = payload as { readonly gpus?: readonly Gpu[] };
    const changePrice = (price: number) => change(price) ?? null;
    return {
      gpus: gpus.map(({ price, ...gpu }) => ({
        ...gpu,
        price: { secure: changePrice(price.secure), community: changePrice(price.community) },
      })),
    };
  },
};

type Gpu = { readonly price: { readonly secure: number; readonly community: number } };

export const { launched, terminated } = createChanges(dialect);

/** Returns the list of pods, or the whole answer. */
function readPayload(reply: Reply | undefined): unknown {
  const body = reply?.kind === "json" ? reply.body : undefined;
  return typeof body === "object" && body !== null && "pods" in body ? body.pods : body;
}

/** Finds the pod that was just created, by REST or GraphQL, or that the request names. */
function findPod({ truthfulReply, request, cloud }: Scene): PodRecord | undefined {
  const body = (truthfulReply?.kind === "json" ? truthfulReply.body : undefined) as
    | { readonly id?: string; readonly data?: { readonly pod?: { readonly id?: string } } | null }
    | undefined;
  const id = body?.id ?? body?.data?.pod?.id ?? request.id;
  return cloud.state.instances.find((pod) => pod.id === id);
}

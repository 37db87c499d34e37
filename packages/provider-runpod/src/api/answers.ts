import * as z from "zod";

/** A text that may be missing or null. The schemas contain only the fields that are used; all others are ignored. */
const text = z.string().nullish();

/** Restricted, because ids become parts of URLs and of messages. */
const id = z.string().regex(/^[\w.:@-]{1,200}$/);

const host = z.string().regex(/^[A-Za-z0-9.:-]{1,255}$/);
const port = z.int().min(1).max(65_535);

export const pod = z.object({
  id,
  name: text,
  status: z.string(),
  dataCenterId: text,
  cost: z.number().nullish(),
  ssh: z
    .object({
      direct: z.object({ host, port, username: text }).nullish().catch(undefined),
    })
    .nullish(),
  runtime: z
    .object({
      ports: z
        .array(
          z.object({ private: z.number().nullish(), public: port.nullish(), type: text, ip: host.nullish() }),
        )
        .nullish()
        .catch(undefined),
    })
    .nullish(),
});
export type Pod = z.infer<typeof pod>;

/** One pod that cannot be read must not hide the others, so each keeps what can be read of it. */
export const pods = z.object({ pods: z.array(z.object({ id, name: text, status: z.string() })) });

const availability = z.enum(["NONE", "LOW", "MEDIUM", "HIGH"]).nullish().catch(undefined);
const dataCenters = z.array(z.object({ id: z.string(), availability })).nullish();
const perCloud = z.object({ secure: z.number().nullish(), community: z.number().nullish() });

export const gpuTypes = z.object({
  gpus: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      memory: z.number().nullish(),
      secure: z.boolean().nullish(),
      community: z.boolean().nullish(),
      price: perCloud.nullish(),
      maxCount: perCloud.nullish(),
      availability,
      dataCenters,
    }),
  ),
});
export type GpuType = z.infer<typeof gpuTypes>["gpus"][number];

export const cpuTypes = z.object({
  cpus: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      vcpu: z.object({ min: z.number(), max: z.number() }),
      ramGbPerVcpu: z.number().nullish(),
      price: z.object({ securePerVcpu: z.number().nullish() }).nullish(),
      availability,
      dataCenters,
    }),
  ),
});
export type CpuType = z.infer<typeof cpuTypes>["cpus"][number];

export const createdPod = z.object({ id, cost: z.number().nullish() });

/** What the mutations of GraphQL return, under one name. */
export const deployed = z.object({ pod: z.object({ id, costPerHr: z.number().nullish() }) });

export const bids = z.object({
  gpuTypes: z.array(
    z.object({ id: z.string(), lowestPrice: z.object({ minimumBidPrice: z.number().nullish() }).nullish() }),
  ),
});

export const account = z.object({ myself: z.object({ id }) });

import * as z from "zod";

/** A text that may be missing or null. The schemas contain only the fields that are used; all others are ignored. */
const text = z.string().nullish();

/** Restricted, because ids and names become parts of URLs and of messages. */
const id = z.string().regex(/^[\w.:@-]{1,200}$/);

const region = z.object({ name: id });

const count = z.number().nullish();

export const instanceTypes = z
  .record(
    z.string(),
    z.object({
      instance_type: z.object({
        name: id,
        description: text,
        gpu_description: text,
        price_cents_per_hour: z.union([z.number(), z.string()]).nullish(),
        specs: z.object({ vcpus: count, memory_gib: count, storage_gib: count, gpus: count }).nullish(),
      }),
      regions_with_capacity_available: z.array(region).nullish(),
    }),
  )
  .transform((byName) => Object.values(byName));
export type InstanceTypesItem = z.infer<typeof instanceTypes>[number];

export const instance = z.object({ id, name: text, ip: text, status: z.string(), region: region.nullish() });
export type Instance = z.infer<typeof instance>;

export const instances = z.array(instance);

export const launched = z.object({ instance_ids: z.array(id).min(1) });

export const key = z.object({ id, name: z.string(), public_key: text });

export const keys = z.array(key);

export const images = z.array(z.object({ family: z.string() }));

export const firewall = z.object({
  rules: z.array(z.object({ protocol: z.string(), port_range: z.array(z.number()).nullish() })),
});

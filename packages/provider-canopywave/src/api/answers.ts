import * as z from "zod";

/** A text that may be missing or null. The schemas contain only the fields that are used; all others are ignored. */
const text = z.string().nullish();

/** Restricted, because ids and names become parts of URLs and of messages. */
const id = z.string().regex(/^[\w.:@-]{1,200}$/);

const word = z.union([
  z.string(),
  z.object({ name: z.string() }).transform(({ name }) => name),
  z.object({ id: z.string() }).transform((object) => object.id),
]);

export const words = z.array(word.nullable()).transform((listed) => listed.filter((entry) => entry !== null));

export const instanceTypes = z.array(
  z.object({
    flavor: z.string(),
    name: text,
    images: words.nullish(),
    price: z.union([z.number(), z.string()]).nullish(),
    priceHour: text,
    specs: text,
  }),
);
export type InstanceType = z.infer<typeof instanceTypes>[number];

export const availability = z.union([
  z.boolean(),
  z.string(),
  z.object({
    available: z.union([z.boolean(), z.string(), z.number()]).nullish(),
    status: text,
    available_count: z.number().nullish(),
    free: z.number().nullish(),
  }),
]);
export type Availability = z.infer<typeof availability>;

const amount = z.union([z.number(), z.string()]);
export const balance = z.union([
  amount,
  z.object({ balance: amount.nullish(), available: amount.nullish(), amount: amount.nullish() }),
]);

export const listedInstances = z.array(
  z.object({ id, name: text, publicIp: text, region: text, status: text }),
);
export type ListedInstance = z.infer<typeof listedInstances>[number];

export const server = z.object({
  name: text,
  status: z.string(),
  "OS-EXT-STS:task_state": text,
  accessIPv4: text,
  addresses: z
    .record(
      z.string(),
      z.array(z.object({ addr: z.string(), version: z.number().nullish(), "OS-EXT-IPS:type": text })),
    )
    .nullish(),
  fault: z.object({ message: text }).nullish(),
  security_groups: z.array(z.object({ name: text })).nullish(),
});
export type Server = z.infer<typeof server>;

export const keys = z.array(z.object({ keypair: z.object({ name: z.string(), public_key: text }) }));

export const ips = z.array(z.object({ id, ip: text, server: text, status: text }));
export type Ip = z.infer<typeof ips>[number];

export const created = z.object({ id });
export const createdIp = z.object({ id, ip: text });

import { createAddress, createInstance, type EmulatedCloud } from "../cloud/cloud.ts";
import type { AddressRecord } from "../cloud/records.ts";
import { createFailure, createSuccess } from "../http/answers.ts";
import type { CallName } from "../http/call.ts";
import { commonFaults } from "./common-faults.ts";
import { type FaultKind, type FaultScene, getPayload } from "./kind.ts";

const allocate: readonly CallName[] = ["ip-allocate"];
const associate: readonly CallName[] = ["ip-associate"];
const keyCreate: readonly CallName[] = ["ssh-key-create"];

/** Faults of addresses and keys, and of requests before a launch. */
export const resourceFaults = {
  "address-answer-lost": {
    ...commonFaults["answer-lost"],
    description: "an address is allocated, then the connection is cut",
    calls: allocate,
  },
  "address-500-allocated": {
    ...commonFaults["server-error-done"],
    description: "500, although an address was allocated",
    calls: allocate,
  },
  "address-lost-among-others": {
    description:
      "the answer is lost while a colleague allocates an address too: two new ones, either may be ours",
    calls: allocate,
    done: true,
    after: ({ cloud, request }) => {
      const { project, region } = request.body;
      if (typeof project === "string" && typeof region === "string")
        createAddress(cloud, { project, region }, true);
    },
    reply: () => ({ kind: "cut" }),
  },
  "address-quota": {
    description: "409: the quota of addresses is used up",
    calls: allocate,
    done: false,
    reply: () => createFailure(409, "Quota exceeded for resources: ['floatingip']."),
  },
  "address-reused": {
    description: "the address that is allocated is one that was released before (the last one)",
    calls: allocate,
    done: true,
    reply: (scene) => {
      const address = findAddress(scene);
      const old = scene.cloud.state.addresses.findLast(({ goneAtMs }) => goneAtMs !== null);
      if (address !== undefined && old !== undefined) address.ip = old.ip;
      return createSuccess({ id: address?.id, ip: address?.ip });
    },
  },
  "address-taken": {
    description: "right after a look at the addresses a colleague takes every free one",
    calls: ["ips"],
    done: true,
    after: ({ cloud, request }) => {
      for (const address of cloud.state.addresses) {
        const isSamePlace =
          address.project === request.query.project && address.region === request.query.region;
        if (isSamePlace && address.instanceId === null) address.instanceId = colleague(cloud, address).id;
      }
    },
  },
  "associate-lost": {
    description: "an associate is answered well and takes no effect",
    calls: associate,
    done: false,
    reply: ({ request }) =>
      createSuccess({ instanceId: request.body.instanceId, ipId: request.id, portId: "" }),
  },
  "associate-answer-lost": {
    ...commonFaults["answer-lost"],
    description: "the address is associated, then the connection is cut",
    calls: associate,
  },
  "associate-no-port": {
    description: "400: no port found, even after BUILD",
    calls: associate,
    done: false,
    reply: ({ request }) =>
      createFailure(400, `No port found for instance ${String(request.body.instanceId)}`),
  },
  "associate-moved": {
    description: "right after an associate a colleague's associate moves the address to another instance",
    calls: associate,
    done: true,
    after: ({ cloud, request }) => {
      const address = cloud.state.addresses.find(({ id }) => id === request.id);
      if (address !== undefined) address.instanceId = colleague(cloud, address).id;
    },
  },
  "address-release-fails": {
    ...commonFaults["server-error"],
    description: "500 to a release of an address that took no effect",
    calls: ["ip-release"],
  },
  "address-release-ignored": {
    description: "a release of an address is answered well and takes no effect",
    calls: ["ip-release"],
    done: false,
    reply: ({ request }) => createSuccess({ id: request.id }),
  },
  "key-exists": {
    description: "409: a key of this name exists",
    calls: keyCreate,
    done: false,
    reply: ({ request }) => createFailure(409, `Key pair '${String(request.body.name)}' already exists.`),
  },
  "key-quota": {
    description: "403: the quota of keys is used up",
    calls: keyCreate,
    done: false,
    reply: () => createFailure(403, "Quota exceeded, too many key pairs."),
  },
  "availability-none": availability("says out of stock", { status: "Out_Of_Stock" }),
  "availability-count-only": availability("only gives an ambiguous `count`", { count: 0 }),
  "availability-contradicts": availability("`available` contradicts `status` and counts", {
    available: true,
    status: "out_of_stock",
    available_count: 0,
  }),
  "availability-free-count": availability("only gives `free`", { free: 3 }),
  "balance-empty": {
    description: "the balance is 0",
    calls: ["balance"],
    done: true,
    reply: () => createSuccess({ balance: 0, currency: "USD" }),
  },
} satisfies Record<string, FaultKind>;

function findAddress(scene: FaultScene): AddressRecord | undefined {
  const payload = getPayload(scene) as { readonly id?: unknown } | undefined;
  return scene.cloud.state.addresses.find(({ id }) => id === payload?.id);
}

function availability(description: string, body: unknown): FaultKind {
  return {
    description: `the availability ${description}`,
    calls: ["flavor-availability"],
    done: true,
    reply: () => createSuccess(body),
  };
}

/** Somebody else's instance, which takes an address away. */
function colleague(
  cloud: EmulatedCloud,
  { project, region }: { readonly project: string; readonly region: string },
) {
  const [flavor] = cloud.settings.flavors;
  if (flavor === undefined) throw new Error("The emulator has no flavors.");
  const name = `colleague-${cloud.state.instances.length}`;
  return createInstance(
    cloud,
    { project, region },
    { name, flavor, image: flavor.images[0] ?? "", isForeign: true },
  );
}

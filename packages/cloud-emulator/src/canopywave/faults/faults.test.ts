import { expect, test } from "vitest";
import { type Cloud, startCloud } from "../../../test/cloud.ts";
import type { CommonFaultName } from "../../faults/common-faults.ts";
import type { FaultOrder } from "./plan.ts";
import { type FaultName, faults } from "./table.ts";

type Proof = (cloud: Cloud, order: (more?: Partial<FaultOrder>) => void) => Promise<void>;

const server = "/instances";

/** Checks for each fault that the response and the state of the cloud match its description. */
const proofs: Record<Exclude<FaultName, CommonFaultName>, Proof> = {
  // Any response
  "error-as-message": answered(400, 0, /"message":/),
  "error-as-detail": answered(400, 0, /"detail":/),
  "error-as-msg": answered(400, 0, /"msg":/),
  // The response to a launch
  "launch-no-payment-method": launched(400, 0, /no default payment method/),
  "launch-billing": launched(500, 0, /Billing/),
  "launch-no-network": launched(500, 0, /Project network not found/),
  "launch-insufficient": launched(500, 0, /Insufficient/),
  "launch-quota": launched(403, 0, /Quota/),
  "launch-flavor-unavailable": launched(400, 0, /not available in this region/),

  // The life of an instance
  "instance-paused": createStoppedFault("PAUSED"),
  "instance-shelved": createStoppedFault("SHELVED_OFFLOADED"),
  // The end of an instance
  "terminate-soft-deleted": ended(async (cloud, id) => {
    expect((await cloud.call("GET", server)).data).toEqual([]);
    expect(await getReplyStatus(cloud, id)).toBe("SOFT_DELETED");
    cloud.clock.pass(60_000);
    expect((await cloud.call("GET", `${server}/${id}`)).status).toBe(404);
  }),
  "terminate-shows-deleted": ended(async (cloud, id) => {
    cloud.clock.pass(1_000);
    expect(await getReplyStatus(cloud, id)).toBe("DELETED");
    expect((await cloud.call("GET", server)).data).toEqual([]);
  }),
  // Addresses
  "address-answer-lost": lost((cloud) => cloud.call("POST", "/ips"), 1),
  "address-500-allocated": answered(500, 1),
  "address-lost-among-others": lost((cloud) => cloud.call("POST", "/ips"), 2),
  "address-quota": answered(409, 0, /Quota/),
  "address-reused": async (cloud, order) => {
    const { data: first } = await cloud.call("POST", "/ips");
    await cloud.call("DELETE", `/ips/${first.id}`);
    order();
    const { data: second } = await cloud.call("POST", "/ips");
    expect([second.ip, second.id === first.id]).toEqual([first.ip, false]);
    expect((await cloud.call("GET", "/ips")).data).toMatchObject([{ id: second.id, ip: first.ip }]);
  },
  "address-taken": async (cloud, order) => {
    const { data: address } = await cloud.call("POST", "/ips");
    order();
    expect((await cloud.call("GET", "/ips")).data).toMatchObject([
      { id: address.id, server: null, status: "DOWN" },
    ]);
    const [row] = (await cloud.call("GET", "/ips")).data;
    expect(row).toMatchObject({
      id: address.id,
      status: "ACTIVE",
      server: expect.stringContaining("colleague"),
    });
  },
  "associate-lost": associated(200, null),
  "associate-answer-lost": associated(0, "unitrain-a-b-1"),
  "associate-no-port": associated(400, null),
  "associate-moved": associated(200, expect.stringContaining("colleague")),
  "address-release-fails": released(500),
  "address-release-ignored": released(200),

  // Keys
  "key-exists": async (cloud, order) => {
    order();
    expect(await createKey(cloud)).toMatchObject({
      status: 409,
      error: expect.stringContaining("already exists"),
    });
    expect(cloud.emulator.keys()).toHaveLength(0);
  },
  "key-quota": async (cloud, order) => {
    order();
    expect(await createKey(cloud)).toMatchObject({ status: 403, error: expect.stringContaining("Quota") });
  },
  // Before a launch
  "availability-none": available({ status: "Out_Of_Stock" }),
  "availability-count-only": available({ count: 0 }),
  "availability-contradicts": available({ available: true, status: "out_of_stock", available_count: 0 }),
  "availability-free-count": available({ free: 3 }),
  "balance-empty": async (cloud, order) => {
    order();
    expect((await cloud.call("GET", "/account/balance")).data.balance).toBe(0);
  },
};

for (const [name, proof] of Object.entries(proofs) as [FaultName, Proof][]) {
  test(`${name}: ${faults[name].description}`, async () => {
    const cloud = await startCloud();
    await proof(cloud, (more) => cloud.emulator.inject({ fault: name, ...more }));
    expect(cloud.emulator.events().map(({ fault }) => fault)).toContain(name);
  });
}

/** Requests an address, which costs something. */
function answered(status: number, addresses: number, body = /./): Proof {
  return async (cloud, order) => {
    order();
    const answer = await cloud.call("POST", "/ips");
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(body);
    expect(cloud.emulator.addresses()).toHaveLength(addresses);
    expect((await cloud.call("POST", "/ips")).status).toBe(200);
  };
}

function lost(ask: (cloud: Cloud) => Promise<{ readonly status: number }>, addresses: number): Proof {
  return async (cloud, order) => {
    order();
    expect((await ask(cloud)).status).toBe(0);
    expect(cloud.emulator.addresses()).toHaveLength(addresses);
  };
}

function launched(status: number, instances: number, body = /./): Proof {
  return async (cloud, order) => {
    order();
    const answer = await cloud.launch();
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(body);
    expect(cloud.listOwnNames()).toEqual(Array.from({ length: instances }, () => "unitrain-a-b-1"));
    expect((await cloud.call("GET", server)).data).toHaveLength(instances);
  };
}

function createStoppedFault(status: string): Proof {
  return async (cloud, order) => {
    order({ ms: 5_000 });
    const { data } = await cloud.launch();
    cloud.clock.pass(4_999);
    expect(await getReplyStatus(cloud, data.id)).toBe("ACTIVE");
    cloud.clock.pass(3_600_001);
    expect(await getReplyStatus(cloud, data.id)).toBe(status);
    expect(cloud.emulator.bill().entries[0]?.seconds).toBe(3_605);
  };
}

function ended(prove: (cloud: Cloud, id: string) => Promise<void>): Proof {
  return async (cloud, order) => {
    const { data } = await cloud.launch();
    cloud.clock.pass(1_000);
    order();
    expect((await terminate(cloud, data.id)).data).toEqual({ id: data.id });
    await prove(cloud, data.id);
  };
}

function associated(status: number, owner: unknown): Proof {
  return async (cloud, order) => {
    const { data: instance } = await cloud.launch();
    const { data: address } = await cloud.call("POST", "/ips");
    cloud.clock.pass(1_000);
    order();
    const answer = await cloud.call("POST", `/ips/${address.id}/associate`, { instanceId: instance.id });
    expect(answer.status).toBe(status);
    expect((await cloud.call("GET", "/ips")).data[0].server).toEqual(owner);
  };
}

function released(status: number): Proof {
  return async (cloud, order) => {
    const { data } = await cloud.call("POST", "/ips");
    order();
    expect((await cloud.call("DELETE", `/ips/${data.id}`)).status).toBe(status);
    expect(cloud.emulator.addresses()).toHaveLength(1);
    expect((await cloud.call("DELETE", `/ips/${data.id}`)).status).toBe(200);
    expect(cloud.emulator.addresses()).toHaveLength(0);
  };
}

function available(body: unknown): Proof {
  return async (cloud, order) => {
    order();
    expect((await cloud.call("GET", "/flavor-availability?flavor=H100-1")).data).toEqual(body);
  };
}

async function getReplyStatus(cloud: Cloud, id: string): Promise<string> {
  return (await cloud.call("GET", `${server}/${id}`)).data.status;
}

function terminate(cloud: Cloud, id: string) {
  return cloud.call("POST", "/instance-operations/terminate", { id });
}

function createKey(cloud: Cloud) {
  const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWx0IGJ5IGEgY29sbGVhZ3VlLCBub3QgYnkgdXMh run";
  return cloud.call("POST", "/ssh-keys", { name: "unitrain-a-b", publicKey });
}

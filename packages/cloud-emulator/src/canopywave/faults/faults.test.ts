import { expect, test } from "vitest";
import { type Cloud, place, startCloud } from "../../../test/cloud.ts";
import type { FaultOrder } from "./plan.ts";
import { type FaultName, faults } from "./table.ts";

type Proof = (cloud: Cloud, order: (more?: Partial<FaultOrder>) => void) => Promise<void>;

const server = "/instances";

/** Checks for each fault that the response and the state of the cloud match its description. */
const proofs: Record<Exclude<FaultName, `ssh-${string}`>, Proof> = {
  // Any response
  "answer-lost": lost((cloud) => cloud.call("POST", "/ips"), 1),
  "request-lost": async (cloud, order) => {
    order();
    expect((await cloud.call("POST", "/ips")).status).toBe(0);
    expect(cloud.emulator.addresses()).toHaveLength(0);
  },
  "cut-mid-body": async (cloud, order) => {
    order();
    const answer = await cloud.call("GET", "/images");
    expect(answer).toMatchObject({ status: 0, data: undefined });
    expect((await cloud.call("GET", "/images")).status).toBe(200);
  },
  "slow-answer": async (cloud, order) => {
    order({ ms: 7_000 });
    const began = cloud.clock.now();
    expect((await cloud.call("GET", "/images")).status).toBe(200);
    expect(cloud.clock.now() - began).toBe(7_000);
  },
  "no-answer": async (cloud, order) => {
    order();
    const request = fetch(`${cloud.emulator.url}/ips`, {
      method: "POST",
      headers: { authorization: `Bearer ${cloud.emulator.apiKey}` },
      body: JSON.stringify(place),
      signal: AbortSignal.timeout(300),
    });
    await expect(request).rejects.toMatchObject({ name: "TimeoutError" });
    expect(cloud.emulator.addresses()).toHaveLength(1);
  },
  "server-error": answered(500, 0),
  "server-error-done": answered(500, 1),
  "server-error-html": answered(502, 0, /<html>/),
  "server-error-empty": answered(503, 0, /^$/),
  "html-with-200": answered(200, 1, /<html>/),
  "invalid-json": answered(200, 1, /^\{"data":[^}]*$/),
  "error-with-200": answered(200, 0, /"error":"Something went wrong/),
  "error-as-message": answered(400, 0, /"message":/),
  "error-as-detail": answered(400, 0, /"detail":/),
  "error-as-msg": answered(400, 0, /"msg":/),
  "rate-limited": async (cloud, order) => {
    order({ ms: 3_000 });
    const answer = await cloud.call("POST", "/ips");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3"]);
  },
  "rate-limited-until": async (cloud, order) => {
    order({ ms: 3_000 });
    const until = (await cloud.call("GET", "/ips")).headers.get("retry-after") ?? "";
    expect(Date.parse(until) - cloud.clock.now()).toBe(3_000);
  },
  "rate-limited-silently": async (cloud, order) => {
    order();
    const answer = await cloud.call("GET", "/ips");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, null]);
  },
  unauthorized: answered(401, 0),
  "payment-required": answered(402, 0),
  forbidden: answered(403, 0),
  "not-found": answered(404, 0),
  "huge-body": async (cloud, order) => {
    order();
    const response = await fetch(`${cloud.emulator.url}/images`, {
      headers: { authorization: `Bearer ${cloud.emulator.apiKey}` },
    });
    let bytes = 0;
    for await (const chunk of response.body ?? []) bytes += chunk.byteLength;
    expect(bytes).toBeGreaterThan(50_000_000);
  },
  "endless-body": async (cloud, order) => {
    order();
    const response = await fetch(`${cloud.emulator.url}/images`, {
      headers: { authorization: `Bearer ${cloud.emulator.apiKey}` },
    });
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > 80_000_000) break;
    }
    expect(bytes).toBeGreaterThan(80_000_000);
  },
  "dripping-body": async (cloud, order) => {
    order();
    const response = await fetch(`${cloud.emulator.url}/images`, {
      headers: { authorization: `Bearer ${cloud.emulator.apiKey}` },
    });
    let chunks = 0;
    for await (const chunk of response.body ?? []) {
      expect(chunk.byteLength).toBeLessThan(20);
      chunks += 1;
      if (chunks > 2) break;
    }
    expect(chunks).toBe(3);
  },
  "redirect-elsewhere": async (cloud, order) => {
    order();
    const answer = await cloud.call("GET", "/images");
    const location = answer.headers.get("location") ?? "";
    expect(answer.status).toBe(302);
    expect(new URL(location).host).not.toBe(new URL(cloud.emulator.url).host);
    await fetch(location.replace("localhost", "127.0.0.1"), {
      headers: { "x-api-key": cloud.emulator.apiKey },
    });
    expect(cloud.emulator.unexpectedRequests()).toEqual([{ method: "GET", path: "/stolen", hasKey: true }]);
  },
  "escape-codes-in-error": async (cloud, order) => {
    order();
    expect((await cloud.call("GET", "/images")).error).toContain("\u001b[31m");
  },
  "escape-codes": async (cloud, order) => {
    order();
    const { data } = await cloud.call("GET", "/instance-types");
    expect(data[0].specs).toContain("\u001b[2J");
    expect(data[0].flavor).toContain("\u001b[2J");
    expect(data[0].price).toBe(225);
  },
  "sparse-answer": async (cloud, order) => {
    const { data } = await cloud.launch();
    cloud.clock.pass(1_000);
    order();
    const { data: found } = await cloud.call("GET", `${server}/${data.id}`);
    expect(found).toMatchObject({ id: data.id, status: "ACTIVE", created: null, key_name: null });
    expect(found.addresses["project-network"][0]["OS-EXT-IPS:type"]).toBe("fixed");
  },

  // The response to a launch
  "launch-answer-lost": launched(0, 1),
  "launch-listed-late": async (cloud, order) => {
    order();
    expect((await cloud.launch()).status).toBe(0);
    const id = cloud.emulator.instances()[0]?.id;
    expect((await cloud.call("GET", server)).data).toEqual([]);
    expect((await cloud.call("GET", `${server}/${id}`)).status).toBe(404);
    cloud.clock.pass(90_000);
    expect((await cloud.call("GET", server)).data).toMatchObject([{ name: "unitrain-a-b-1", id }]);
    expect(cloud.emulator.bill().entries[0]?.seconds).toBe(90);
  },
  "launch-500": launched(500, 0),
  "launch-500-created": launched(500, 1),
  "launch-without-id": launched(200, 1, /^\{"data":\{\}\}$/),
  "launch-html": launched(200, 1, /<html>/),
  "launch-error-with-200": launched(200, 0, /"error"/),
  "launch-error-with-200-created": launched(200, 1, /"error"/),
  "launch-rate-limited": launched(429, 0),
  "launch-twice": launched(0, 2),
  "launch-unauthorized": launched(401, 0),
  "launch-payment-required": launched(402, 0),
  "launch-no-payment-method": launched(400, 0, /no default payment method/),
  "launch-billing": launched(500, 0, /Billing/),
  "launch-forbidden": launched(403, 0),
  "launch-not-found": launched(404, 0),
  "launch-no-network": launched(500, 0, /Project network not found/),
  "launch-insufficient": launched(500, 0, /Insufficient/),
  "launch-quota": launched(403, 0, /Quota/),
  "launch-flavor-unavailable": launched(400, 0, /not available in this region/),

  // The life of an instance
  "instance-error": async (cloud, order) => {
    order({ ms: 2_000 });
    const { data } = await cloud.launch();
    expect(await getReplyStatus(cloud, data.id)).toBe("BUILD");
    cloud.clock.pass(2_000);
    expect(await getReplyStatus(cloud, data.id)).toBe("ERROR");
    expect((await cloud.call("GET", server)).data).toMatchObject([{ status: "error" }]);
  },
  "instance-never-ready": async (cloud, order) => {
    order();
    const { data } = await cloud.launch();
    cloud.clock.pass(86_400_000);
    expect(await getReplyStatus(cloud, data.id)).toBe("BUILD");
  },
  "instance-stopped": createStoppedFault("SHUTOFF"),
  "instance-paused": createStoppedFault("PAUSED"),
  "instance-shelved": createStoppedFault("SHELVED_OFFLOADED"),
  "instance-vanishes": async (cloud, order) => {
    order({ ms: 4_000 });
    const { data } = await cloud.launch();
    cloud.clock.pass(3_999);
    expect(await getReplyStatus(cloud, data.id)).toBe("ACTIVE");
    cloud.clock.pass(1);
    expect((await cloud.call("GET", `${server}/${data.id}`)).status).toBe(404);
  },
  "instance-not-found-at-first": async (cloud, order) => {
    order();
    const { data } = await cloud.launch();
    expect((await cloud.call("GET", `${server}/${data.id}`)).status).toBe(404);
    expect((await cloud.call("GET", server)).data).toEqual([]);
    cloud.clock.pass(5_000);
    expect(await getReplyStatus(cloud, data.id)).toBe("ACTIVE");
  },
  "list-fails": async (cloud, order) => {
    order();
    expect((await cloud.call("GET", server)).status).toBe(500);
    expect((await cloud.call("GET", server)).status).toBe(200);
  },
  "list-empty": async (cloud, order) => {
    await cloud.launch();
    order();
    expect((await cloud.call("GET", server)).data).toEqual([]);
    expect((await cloud.call("GET", server)).data).toHaveLength(1);
  },
  "list-incomplete": async (cloud, order) => {
    await cloud.launch();
    await cloud.launch({ name: "unitrain-a-b-2" });
    order();
    expect((await cloud.call("GET", server)).data).toMatchObject([{ name: "unitrain-a-b-1" }]);
  },

  // The end of an instance
  "terminate-fails": async (cloud, order) => {
    const { data } = await cloud.launch();
    order({ times: 20 });
    for (let time = 0; time < 20; time += 1) expect((await terminate(cloud, data.id)).status).toBe(500);
    expect(await getReplyStatus(cloud, data.id)).toBe("BUILD");
    expect((await terminate(cloud, data.id)).status).toBe(200);
  },
  "terminate-answer-lost": async (cloud, order) => {
    const { data } = await cloud.launch();
    order();
    expect((await terminate(cloud, data.id)).status).toBe(0);
    cloud.clock.pass(1_000);
    expect((await cloud.call("GET", `${server}/${data.id}`)).status).toBe(404);
  },
  "terminate-ignored": async (cloud, order) => {
    const { data } = await cloud.launch();
    order();
    expect((await terminate(cloud, data.id)).data).toEqual({ id: data.id });
    cloud.clock.pass(60_000);
    expect(await getReplyStatus(cloud, data.id)).toBe("ACTIVE");
  },
  "terminate-slow": ended(async (cloud, id) => {
    cloud.clock.pass(59_999);
    const { data } = await cloud.call("GET", `${server}/${id}`);
    expect(data).toMatchObject({ status: "ACTIVE", "OS-EXT-STS:task_state": "deleting" });
    cloud.clock.pass(1);
    expect((await cloud.call("GET", `${server}/${id}`)).status).toBe(404);
  }),
  "terminate-never-ends": ended(async (cloud, id) => {
    cloud.clock.pass(86_400_000);
    expect((await cloud.call("GET", `${server}/${id}`)).data).toMatchObject({
      "OS-EXT-STS:task_state": "deleting",
    });
    expect(cloud.emulator.bill().aliveAt(cloud.clock.now())).toHaveLength(1);
  }),
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
  "terminate-ends-in-error": ended(async (cloud, id) => {
    expect(await getReplyStatus(cloud, id)).toBe("ERROR");
    await terminate(cloud, id);
    cloud.clock.pass(1_000);
    expect((await cloud.call("GET", `${server}/${id}`)).status).toBe(404);
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
  "key-answer-lost": async (cloud, order) => {
    order();
    expect((await createKey(cloud)).status).toBe(0);
    expect(cloud.emulator.keys()).toMatchObject([{ name: "unitrain-a-b" }]);
  },
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
  "key-delete-fails": async (cloud, order) => {
    await createKey(cloud);
    order();
    expect((await cloud.call("DELETE", "/ssh-keys/unitrain-a-b")).status).toBe(500);
    expect(cloud.emulator.keys()).toHaveLength(1);
  },

  // Before a launch
  "availability-none": available({ status: "Out_Of_Stock" }),
  "availability-count-only": available({ count: 0 }),
  "availability-contradicts": available({ available: true, status: "out_of_stock", available_count: 0 }),
  "availability-free-count": available({ free: 3 }),
  "price-changed": async (cloud, order) => {
    order();
    expect((await cloud.call("GET", "/instance-types")).data[0].price).toBe(450);
  },
  "price-unknown": async (cloud, order) => {
    order();
    expect((await cloud.call("GET", "/instance-types")).data[0]).toMatchObject({
      price: null,
      priceHour: null,
    });
  },
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

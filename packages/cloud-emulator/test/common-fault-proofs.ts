import { expect, test } from "vitest";
import type { CommonFaultName } from "../src/faults/common-faults.ts";
import type { FaultKind } from "../src/faults/kind.ts";
import type { Answer } from "./cloud.ts";
import type { CloudDriver } from "./cloud-driver.ts";

type Order = (more?: { readonly ms?: number; readonly times?: number }) => void;
type Proof = (cloud: CloudDriver, order: Order) => Promise<void>;
type ProvenName = Exclude<CommonFaultName, `ssh-${string}`>;

/** Checks for each fault that all clouds share that the response and the state of the cloud match its description. */
const proofs: Record<ProvenName, Proof> = {
  "answer-lost": changed(0, 1),
  "request-lost": changed(0, 0),
  "cut-mid-body": async (cloud, order) => {
    order();
    expect(await cloud.read()).toMatchObject({ status: 0, data: undefined });
    expect((await cloud.read()).status).toBe(200);
  },
  "slow-answer": async (cloud, order) => {
    order({ ms: 7_000 });
    const began = cloud.clock.now();
    expect((await cloud.read()).status).toBe(200);
    expect(cloud.clock.now() - began).toBe(7_000);
  },
  "no-answer": async (cloud, order) => {
    order();
    const request = cloud.addKey();
    await expect.poll(() => cloud.emulator.keys().length).toBe(1);
    expect(await Promise.race([request, "open"])).toBe("open");
  },
  "server-error": changed(500, 0),
  "server-error-done": changed(500, 1),
  "server-error-html": changed(502, 0, /<html>/),
  "server-error-empty": changed(503, 0, /^$/),
  "html-with-200": changed(200, 1, /<html>/),
  "invalid-json": changed(200, 1, /^[{[].*[^}]$/s),
  "error-with-200": changed(200, 0, /Something went wrong/),
  "rate-limited": async (cloud, order) => {
    order({ ms: 3_000 });
    const answer = await cloud.addKey();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3"]);
  },
  "rate-limited-until": async (cloud, order) => {
    order({ ms: 3_000 });
    const until = (await cloud.read()).headers.get("retry-after") ?? "";
    expect(Date.parse(until) - cloud.clock.now()).toBe(3_000);
  },
  "rate-limited-silently": async (cloud, order) => {
    order();
    const answer = await cloud.read();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, null]);
  },
  unauthorized: changed(401, 0),
  "payment-required": changed(402, 0),
  forbidden: changed(403, 0),
  "not-found": changed(404, 0),
  "huge-body": endless,
  "endless-body": endless,
  "dripping-body": async (cloud, order) => {
    order();
    const request = cloud.read();
    expect((await request).status).toBe(0);
  },
  "redirect-elsewhere": async (cloud, order) => {
    order();
    const answer = await cloud.read();
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
    expect(JSON.parse((await cloud.read()).text)).toMatchObject({});
    order();
    expect((await cloud.read()).text).toContain("\\u001b[31m");
  },
  "escape-codes": async (cloud, order) => {
    const { text } = await cloud.read();
    const price = cloud.getPrice(await cloud.read());
    order();
    const answer = await cloud.read();
    expect(answer.text).toContain("\\u001b[2J");
    expect(text).not.toContain("\\u001b");
    expect(cloud.getPrice(answer)).toBe(price);
  },
  "sparse-answer": async (cloud, order) => {
    const id = await launchOne(cloud);
    cloud.clock.pass(1_000);
    order();
    expect((await cloud.find(id)).data).toMatchObject({
      id,
      status: cloud.statuses.active,
      [cloud.sparseField]: null,
    });
  },

  // The response to a launch
  "launch-answer-lost": launched(0, 1),
  "launch-listed-late": async (cloud, order) => {
    order();
    expect((await cloud.launch()).status).toBe(0);
    const id = getId(cloud);
    expect((await cloud.list()).data).toEqual([]);
    expect((await cloud.find(id)).status).toBe(404);
    cloud.clock.pass(90_000);
    expect((await cloud.list()).data).toMatchObject([{ id }]);
    expect(cloud.emulator.bill().entries[0]?.seconds).toBe(90);
  },
  "launch-500": launched(500, 0),
  "launch-500-created": launched(500, 1),
  "launch-without-id": launched(200, 1, /\{\}/),
  "launch-html": launched(200, 1, /<html>/),
  "launch-error-with-200": launched(200, 0, /Something went wrong/),
  "launch-error-with-200-created": launched(200, 1, /Something went wrong/),
  "launch-rate-limited": launched(429, 0),
  "launch-twice": launched(0, 2),
  "launch-unauthorized": launched(401, 0),
  "launch-payment-required": launched(402, 0),
  "launch-forbidden": launched(403, 0),
  "launch-not-found": launched(404, 0),

  // The life of an instance
  "instance-error": async (cloud, order) => {
    order({ ms: 2_000 });
    const id = await launchOne(cloud);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.booting);
    cloud.clock.pass(2_000);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.error);
  },
  "instance-never-ready": async (cloud, order) => {
    order();
    const id = await launchOne(cloud);
    cloud.clock.pass(86_400_000);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.booting);
  },
  "instance-stopped": async (cloud, order) => {
    order({ ms: 5_000 });
    const id = await launchOne(cloud);
    cloud.clock.pass(4_999);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.active);
    cloud.clock.pass(3_600_001);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.stopped);
    expect(cloud.emulator.bill().entries[0]?.seconds).toBe(3_605);
  },
  "instance-vanishes": async (cloud, order) => {
    order({ ms: 4_000 });
    const id = await launchOne(cloud);
    cloud.clock.pass(3_999);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.active);
    cloud.clock.pass(1);
    expect((await cloud.find(id)).status).toBe(404);
  },
  "instance-not-found-at-first": async (cloud, order) => {
    order();
    const id = await launchOne(cloud);
    expect((await cloud.find(id)).status).toBe(404);
    expect((await cloud.list()).data).toEqual([]);
    cloud.clock.pass(5_000);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.active);
  },
  "list-fails": async (cloud, order) => {
    order();
    expect((await cloud.list()).status).toBe(500);
    expect((await cloud.list()).status).toBe(200);
  },
  "list-empty": async (cloud, order) => {
    await launchOne(cloud);
    order();
    expect((await cloud.list()).data).toEqual([]);
    expect((await cloud.list()).data).toHaveLength(1);
  },
  "list-incomplete": async (cloud, order) => {
    const id = await launchOne(cloud);
    await cloud.launch();
    order();
    expect((await cloud.list()).data).toMatchObject([{ id }]);
  },

  // The end of an instance
  "terminate-fails": async (cloud, order) => {
    const id = await launchOne(cloud);
    order({ times: 20 });
    for (let time = 0; time < 20; time += 1) expect((await cloud.terminate(id)).status).toBe(500);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.booting);
    expect((await cloud.terminate(id)).status).toBe(200);
  },
  "terminate-answer-lost": async (cloud, order) => {
    const id = await launchOne(cloud);
    order();
    expect((await cloud.terminate(id)).status).toBe(0);
    cloud.clock.pass(1_000);
    expect((await cloud.find(id)).status).toBe(404);
  },
  "terminate-ignored": async (cloud, order) => {
    const id = await launchOne(cloud);
    order();
    expect((await cloud.terminate(id)).status).toBe(200);
    cloud.clock.pass(60_000);
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.active);
  },
  "terminate-slow": terminated(async (cloud, id) => {
    cloud.clock.pass(59_999);
    expect((await cloud.find(id)).text).toMatch(/terminating|deleting/i);
    cloud.clock.pass(1);
    expect((await cloud.find(id)).status).toBe(404);
  }),
  "terminate-never-ends": terminated(async (cloud, id) => {
    cloud.clock.pass(86_400_000);
    expect((await cloud.find(id)).text).toMatch(/terminating|deleting/i);
    expect(cloud.emulator.bill().aliveAt(cloud.clock.now())).toHaveLength(1);
  }),
  "terminate-ends-in-error": terminated(async (cloud, id) => {
    expect(await getStatus(cloud, id)).toBe(cloud.statuses.error);
    await cloud.terminate(id);
    cloud.clock.pass(1_000);
    expect((await cloud.find(id)).status).toBe(404);
  }),

  // Keys and prices
  "key-answer-lost": changed(0, 1),
  "key-delete-fails": async (cloud, order) => {
    await cloud.addKey();
    order();
    expect((await cloud.removeKey()).status).toBe(500);
    expect(cloud.emulator.keys()).toHaveLength(1);
  },
  "price-changed": async (cloud, order) => {
    const price = cloud.getPrice(await cloud.read());
    order();
    expect(cloud.getPrice(await cloud.read())).toBe(Number(price) * 2);
  },
  "price-unknown": async (cloud, order) => {
    order();
    expect(cloud.getPrice(await cloud.read())).toBeNull();
  },
};

/** Registers a test per fault that makes sense for a cloud. */
export function proveCommonFaults(
  faults: Readonly<Record<string, FaultKind<string, never, never>>>,
  start: () => Promise<CloudDriver>,
): void {
  const names = (Object.keys(proofs) as ProvenName[]).filter((name) => Object.hasOwn(faults, name));
  for (const name of names) {
    test(`${name}: ${faults[name]?.description}`, async () => {
      const cloud = await start();
      await proofs[name](cloud, (more = {}) => cloud.inject(name, more));
      await expect.poll(() => cloud.emulator.events().map(({ fault }) => fault)).toContain(name);
    });
  }
}

/** Registers a key, which changes the cloud. */
function changed(status: number, keys: number, body = /./): Proof {
  return async (cloud, order) => {
    order();
    const answer = await cloud.addKey();
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(body);
    expect(cloud.emulator.keys()).toHaveLength(keys);
    if (keys === 0) expect((await cloud.addKey()).status).toBe(200);
  };
}

/** The client stops reading after a megabyte. */
async function endless(cloud: CloudDriver, order: Order): Promise<void> {
  order();
  expect((await cloud.read()).text.length).toBeGreaterThan(1_000_000);
}

function launched(status: number, instances: number, body = /./): Proof {
  return async (cloud, order) => {
    order();
    const answer = await cloud.launch();
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(body);
    expect(new Set(cloud.emulator.instances().map(({ name }) => name)).size).toBe(Math.min(1, instances));
    expect((await cloud.list()).data).toHaveLength(instances);
  };
}

function terminated(prove: (cloud: CloudDriver, id: string) => Promise<void>): Proof {
  return async (cloud, order) => {
    const id = await launchOne(cloud);
    cloud.clock.pass(1_000);
    order();
    expect((await cloud.terminate(id)).status).toBe(200);
    await prove(cloud, id);
  };
}

async function launchOne(cloud: CloudDriver): Promise<string> {
  const answer: Answer = await cloud.launch();
  expect(answer.status, answer.text).toBe(200);
  return getId(cloud);
}

function getId(cloud: CloudDriver): string {
  return cloud.emulator.instances()[0]?.id ?? "";
}

async function getStatus(cloud: CloudDriver, id: string): Promise<string> {
  return (await cloud.find(id)).data.status;
}

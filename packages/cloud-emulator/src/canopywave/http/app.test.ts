import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryFolder, place, request, startCloud } from "../../../test/cloud.ts";
import { startEmulator } from "../emulator.ts";
import { apiCalls } from "./api-calls.ts";

describe("authentication and routing", () => {
  test("answers a wrong key with 401 on every call, and changes nothing", async () => {
    const cloud = await startCloud();
    for (const { method, path: target } of apiCalls) {
      const answer = await request(
        { ...cloud.emulator, apiKey: "cw_wrong" },
        method,
        target.replace(":id", "x"),
      );
      expect([answer.status, answer.error]).toEqual([401, "Invalid API key"]);
    }
    expect(cloud.emulator.events()).toHaveLength(apiCalls.length);
  });

  test("answers an unknown call with 404", async () => {
    const cloud = await startCloud();
    expect((await cloud.call("GET", "/coffee")).status).toBe(404);
    expect(cloud.emulator.events()).toMatchObject([{ call: "unknown", status: 404 }]);
  });

  test("requires an existing project and region", async () => {
    const cloud = await startCloud();
    expect(await cloud.call("GET", "/instances?project=nobody")).toMatchObject({ status: 404 });
    expect(await cloud.call("GET", "/ips?region=mars")).toMatchObject({ status: 400 });
    const without = await fetch(`${cloud.emulator.url}/regions`, {
      headers: { authorization: `Bearer ${cloud.emulator.apiKey}` },
    });
    expect([without.status, await without.json()]).toEqual([400, { error: "project is required" }]);
  });
});

describe("the catalog", () => {
  test("returns projects, regions, images and instance types in the observed shapes", async () => {
    const cloud = await startCloud();
    expect((await cloud.call("GET", "/projects")).data).toEqual(["andrew@example.com"]);
    expect((await cloud.call("GET", "/regions")).data).toEqual(["sequoia", "KEF-3"]);
    expect((await cloud.call("GET", "/images")).data).toContain("GPU-Ubuntu.24.04");
    const { data } = await cloud.call("GET", "/instance-types");
    expect(data).toContainEqual({
      flavor: "H100-4",
      images: ["GPU-Ubuntu.24.04", "GPU-Ubuntu.22.04"],
      name: "4x H100 (80 GB SXM5)",
      price: 900,
      priceHour: "$2.25 / gpu / hour",
      specs: "80 cores, 800.0 GB RAM, 2 TB NVMe",
    });
    expect(data).toContainEqual(expect.objectContaining({ flavor: "m1.advanced", price: 56 }));
  });

  test("returns the availability of a flavor in a region", async () => {
    const cloud = await startCloud();
    const available = async (flavor: string) =>
      (await cloud.call("GET", `/flavor-availability?flavor=${flavor}`)).data;
    expect(await available("H100-1")).toEqual({ available: true, status: "available" });
    expect(await available("A6000-1")).toEqual({ available: false, status: "out_of_stock" });
    expect((await cloud.call("GET", "/flavor-availability?flavor=T800")).status).toBe(404);
  });

  test("returns balance and billing", async () => {
    const cloud = await startCloud({ balanceUsd: 12.5 });
    expect((await cloud.call("GET", "/account/balance")).data).toMatchObject({ balance: 12.5 });
    expect(Object.keys((await cloud.call("GET", "/billing")).data)).toEqual([
      "billing_num",
      "period_from",
      "period_to",
      "due_date",
      "amount",
      "timestamp",
    ]);
  });
});

describe("an instance", () => {
  test("goes through BUILD, ACTIVE and deleting to 404", async () => {
    const cloud = await startCloud({ boot: { buildMs: 90_000, terminateMs: 10_000 } });
    const { data } = await cloud.launch();
    const fetchInstance = () => cloud.call("GET", `/instances/${data.id}`);
    expect((await fetchInstance()).data).toMatchObject({
      id: data.id,
      name: "unitrain-a-b-1",
      status: "BUILD",
      "OS-EXT-STS:task_state": "spawning",
      addresses: {},
      "OS-SRV-USG:launched_at": null,
    });
    expect((await cloud.call("GET", "/instances")).data).toEqual([
      {
        flavor: "CPU small",
        id: data.id,
        launchedAt: null,
        name: "unitrain-a-b-1",
        paymentMode: null,
        publicIp: null,
        region: "sequoia",
        role: "worker",
        status: "build",
      },
    ]);
    expect((await cloud.call("GET", "/instances/running")).data).toEqual([]);
    cloud.clock.pass(90_000);
    expect((await fetchInstance()).data).toMatchObject({
      status: "ACTIVE",
      "OS-EXT-STS:task_state": null,
      accessIPv4: "",
      "OS-SRV-USG:launched_at": "2026-11-24T12:01:30.000000",
      created: "2026-11-24T12:00:00Z",
      security_groups: [{ name: "ssh" }, { name: "default" }],
    });
    expect((await cloud.call("GET", "/instances/running")).data).toMatchObject([{ status: "active" }]);
    await cloud.call("POST", "/instance-operations/terminate", { id: data.id });
    expect((await fetchInstance()).data).toMatchObject({
      status: "ACTIVE",
      "OS-EXT-STS:task_state": "deleting",
    });
    cloud.clock.pass(10_000);
    expect((await fetchInstance()).status).toBe(404);
    expect((await cloud.call("GET", "/instances")).data).toEqual([]);
    expect((await cloud.call("POST", "/instance-operations/terminate", { id: data.id })).status).toBe(404);
  });

  test("is not launched with invalid or unavailable parameters", async () => {
    const cloud = await startCloud();
    const refused = async (more: Record<string, unknown>) => (await cloud.launch(more)).error;
    expect(await refused({ flavor: "T800" })).toContain("could not be found");
    expect(await refused({ image: "GPU-Ubuntu.24.04" })).toContain("not available for flavor");
    expect(await refused({ flavor: "A6000-1", image: "GPU-Ubuntu.24.04" })).toContain(
      "not available in region",
    );
    expect(await refused({ keypair: "none" })).toBe("Invalid key_name provided.");
    expect(await refused({ password: "" })).toBe("password is required");
    expect(cloud.listOwnNames()).toEqual([]);
  });

  test("is visible only in its region and project", async () => {
    const cloud = await startCloud();
    const { data } = await cloud.launch();
    expect((await cloud.call("GET", "/instances?region=KEF-3")).data).toEqual([]);
    expect((await cloud.call("GET", `/instances/${data.id}?region=KEF-3`)).status).toBe(404);
  });
});

describe("an address", () => {
  test("can be associated once the instance has a port, and moves on a second associate", async () => {
    const cloud = await startCloud();
    const { data: first } = await cloud.launch();
    const { data: second } = await cloud.launch({ name: "unitrain-a-b-2" });
    const { data: address } = await cloud.call("POST", "/ips");
    const associate = (instanceId: string) =>
      cloud.call("POST", `/ips/${address.id}/associate`, { instanceId });
    expect(await associate(first.id)).toMatchObject({
      status: 400,
      error: expect.stringContaining("No port"),
    });
    cloud.clock.pass(1_000);
    expect((await associate(first.id)).data).toEqual({
      instanceId: first.id,
      ipId: address.id,
      portId: expect.any(String),
    });
    const { data: server } = await cloud.call("GET", `/instances/${first.id}`);
    const [fixed, floating] = server.addresses["project-network"];
    expect(fixed).toMatchObject({ addr: expect.stringMatching(/^172\.16\./), "OS-EXT-IPS:type": "fixed" });
    expect(floating).toMatchObject({ addr: address.ip, version: 4, "OS-EXT-IPS:type": "floating" });
    await associate(second.id);
    expect((await cloud.call("GET", "/ips")).data).toEqual([
      { id: address.id, ip: address.ip, server: "unitrain-a-b-2", status: "ACTIVE" },
    ]);
  });

  test("becomes free when its instance ends, and costs until it is released", async () => {
    const cloud = await startCloud();
    const { data: first } = await cloud.launch();
    const { data: address } = await cloud.call("POST", "/ips");
    cloud.clock.pass(1_000);
    await cloud.call("POST", `/ips/${address.id}/associate`, { instanceId: first.id });
    await cloud.call("POST", "/instance-operations/terminate", { id: first.id });
    expect((await cloud.call("GET", "/ips")).data).toMatchObject([{ server: null, status: "DOWN" }]);
    expect((await cloud.call("DELETE", `/ips/${address.id}/disassociate`)).data).toEqual({ id: address.id });
    cloud.clock.pass(9_000);
    expect((await cloud.call("DELETE", `/ips/${address.id}`)).data).toEqual({ id: address.id });
    expect((await cloud.call("DELETE", `/ips/${address.id}`)).status).toBe(404);
    const entry = cloud.emulator.bill().entries.find(({ kind }) => kind === "address");
    expect(entry).toMatchObject({ seconds: 10, name: address.ip });
  });

  test("is refused beyond the quota", async () => {
    const cloud = await startCloud({ addressQuota: 1 });
    expect((await cloud.call("POST", "/ips")).status).toBe(200);
    expect(await cloud.call("POST", "/ips")).toMatchObject({ status: 409 });
  });
});

describe("a key", () => {
  test("can be imported, listed with its MD5 fingerprint, and removed", async () => {
    const cloud = await startCloud();
    const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWx0IGJ5IGEgY29sbGVhZ3VlLCBub3QgYnkgdXMh me";
    expect((await cloud.call("POST", "/ssh-keys", { name: "k", publicKey })).status).toBe(200);
    expect((await cloud.call("POST", "/ssh-keys", { name: "k", publicKey })).status).toBe(409);
    expect((await cloud.call("GET", "/ssh-keys")).data).toEqual([
      { keypair: { name: "k", public_key: publicKey, fingerprint: expect.stringMatching(/^(..:){15}..$/) } },
    ]);
    expect((await cloud.call("DELETE", "/ssh-keys/k")).data).toEqual({ name: "k" });
    expect((await cloud.call("DELETE", "/ssh-keys/k")).status).toBe(404);
  });

  test("is generated when the request has none, and refused when it is invalid", async () => {
    const cloud = await startCloud();
    const { data } = await cloud.call("POST", "/ssh-keys", { name: "made" });
    expect(data.privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    expect(data.publicKey).toMatch(/^ssh-rsa AAAAB3NzaC1yc2E/);
    expect((await cloud.call("POST", "/ssh-keys", { name: "bad", publicKey: "hello" })).status).toBe(400);
  });
});

test.each([
  ["/volumes", { type: "hdd" }],
  ["/file-systems", {}],
])("%s are created, listed, billed and removed", async (target, more) => {
  const cloud = await startCloud({ storageUsdPerGbHour: 0.01 });
  const { data } = await cloud.call("POST", target, { name: "disk", size: 100, ...more });
  expect((await cloud.call("GET", target)).data).toEqual([
    { id: data.id, name: "disk", size: 100, status: "available", ...more },
  ]);
  expect((await cloud.call("GET", `${target}/${data.id}`)).data.name).toBe("disk");
  cloud.clock.pass(3_600_000);
  expect((await cloud.call("DELETE", `${target}/${data.id}`)).data).toEqual({ id: data.id });
  expect((await cloud.call("GET", `${target}/${data.id}`)).status).toBe(404);
  expect(cloud.emulator.bill().totalUsd).toBeCloseTo(1);
});

test("notifies observers before a call takes effect, and before it is answered", async () => {
  const cloud = await startCloud();
  const notifications: unknown[] = [];
  const watching = cloud.emulator.watch(({ stage, request: { call } }) => {
    notifications.push([stage, call, cloud.emulator.addresses().length]);
  });
  await cloud.call("POST", "/ips");
  watching.end();
  await cloud.call("POST", "/ips");
  expect(notifications).toEqual([
    ["asked", "ip-allocate", 0],
    ["done", "ip-allocate", 1],
  ]);
});

describe("an emulator", () => {
  test("continues from the state folder of the previous one, with the same key, resources and bill", async () => {
    const folder = await createTemporaryFolder();
    const first = await startEmulator({ folder });
    const { data } = await request(first, "POST", "/instance-operations/launch", {
      ...place,
      name: "kept",
      flavor: "m1.small",
      image: "CPU-Ubuntu.22.04",
      password: "canary-password",
    });
    await first.close();
    const second = await startEmulator({ folder });
    expect(second.apiKey).toBe(first.apiKey);
    expect(second.instances().filter(({ isForeign }) => !isForeign)).toMatchObject([
      { id: data.id, name: "kept" },
    ]);
    expect((await request(second, "GET", `/instances/${data.id}`)).status).toBe(200);
    await second.close();
    const log = (await readFile(path.join(folder, "events.jsonl"), "utf8")).trim().split("\n");
    expect(log.map((line) => JSON.parse(line).call)).toEqual(["launch", "instance"]);
    for (const name of ["events.jsonl", "state.json", "api-key"]) {
      expect((await stat(path.join(folder, name))).mode & 0o077).toBe(0);
    }
    expect(log.join() + (await readFile(path.join(folder, "state.json"), "utf8"))).not.toMatch(/canary|cw_/);
  });

  test("contains resources of colleagues that look like ours and are not on our bill", async () => {
    const cloud = await startCloud({ others: "similar" });
    const { data: names } = await cloud.call("GET", "/instances");
    expect(names.map(({ name }: { name: string }) => name)).toContain("unitrain-00000000-someone-1");
    expect((await cloud.call("GET", "/ssh-keys")).data.length).toBeGreaterThan(3);
    expect((await cloud.call("GET", "/ips")).data).toMatchObject([{ status: "DOWN" }, { status: "ACTIVE" }]);
    cloud.emulator.addColleagueResource("instance", "unitrain-a-b-1");
    cloud.clock.pass(3_600_000);
    expect(cloud.emulator.bill()).toMatchObject({ totalUsd: 0 });
    expect(cloud.emulator.bill().aliveAt(cloud.clock.now())).toEqual([]);
  });

  test("locks its folder while it runs, and ignores the lock of an emulator that was killed", async () => {
    const folder = await createTemporaryFolder();
    const first = await startEmulator({ folder });
    await expect(startEmulator({ folder })).rejects.toThrow(`process id ${process.pid} uses ${folder}`);
    await first.close();
    await writeFile(path.join(folder, "emulator.pid"), `${process.pid} 1`);
    await (await startEmulator({ folder })).close();
  });

  test("refuses unknown options", async () => {
    const folder = await createTemporaryFolder();
    await expect(startEmulator({ folder, flavours: [] } as never)).rejects.toThrow(/flavours/);
  });
});

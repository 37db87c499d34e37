import { expect, test } from "vitest";
import { startLambdaCloud } from "../../../test/lambda-cloud.ts";

test("an instance boots, is active with its address, terminates and is gone, and costs its price by the second", async () => {
  const { call, clock, emulator, launch } = await startLambdaCloud();
  const { data } = await launch();
  const [id] = data.instance_ids;
  const find = () => call("GET", `/instances/${id}`);
  expect((await find()).data).toMatchObject({ name: "unitrain-a-b-1", status: "booting" });
  expect((await find()).data).not.toHaveProperty("ip");
  clock.pass(1_000);
  expect((await find()).data).toMatchObject({
    status: "active",
    ip: expect.stringMatching(/^127\./),
    region: { name: "us-east-1" },
    instance_type: { name: "cpu_4x_general", price_cents_per_hour: 20 },
    ssh_key_names: ["unitrain-a-b"],
  });
  const terminate = () => call("POST", "/instance-operations/terminate", { instance_ids: [id] });
  expect((await terminate()).data).toMatchObject({ terminated_instances: [{ id, status: "terminating" }] });
  // Observed on the real cloud.
  expect(await terminate()).toMatchObject({ status: 400, error: { code: "global/unknown" } });
  clock.pass(1_000);
  expect(await find()).toMatchObject({ status: 404, error: { code: "global/object-does-not-exist" } });
  expect((await call("GET", "/instances")).data).toEqual([]);
  expect(emulator.bill().totalUsd).toBeCloseTo((2 * 0.2) / 3600, 8);
});

test("the key is accepted as bearer token and as the user of basic authentication, and no other", async () => {
  const { emulator } = await startLambdaCloud();
  const ask = async (authorization: string) =>
    (await fetch(`${emulator.url}/regions`, { headers: { authorization } })).status;
  expect(await ask(`Bearer ${emulator.apiKey}`)).toBe(200);
  expect(await ask(`Basic ${Buffer.from(`${emulator.apiKey}:`).toString("base64")}`)).toBe(200);
  expect(await ask("Bearer other")).toBe(401);
});

test.each([
  [{ ssh_key_names: [] }, 400, "global/invalid-parameters"],
  [{ ssh_key_names: ["missing"] }, 404, "global/object-does-not-exist"],
  [{ region_name: "mars-1" }, 404, "global/object-does-not-exist"],
  [{ name: "x".repeat(65) }, 400, "global/invalid-parameters"],
  [{ region_name: "us-west-1" }, 400, "instance-operations/launch/insufficient-capacity"],
  [{ image: { family: "windows" } }, 404, "global/object-does-not-exist"],
])("a launch with %j is refused with %i %s", async (more, status, code) => {
  const { emulator, launch } = await startLambdaCloud();
  expect(await launch(more)).toMatchObject({ status, error: { code } });
  expect(emulator.instances()).toEqual([]);
});

test("refuses what exceeds the quota, a second launch within 12 seconds, and a second key of a name", async () => {
  const { addKey, clock, emulator, launch } = await startLambdaCloud({
    instanceQuota: 1,
    limitsLaunches: true,
  });
  expect((await launch()).status).toBe(200);
  clock.pass(11_999);
  expect((await launch()).status).toBe(429);
  clock.pass(1);
  expect(await launch()).toMatchObject({ status: 400, error: { code: "global/quota-exceeded" } });
  expect(await addKey()).toMatchObject({ status: 400, error: { code: "global/duplicate" } });
  expect(emulator.instances()).toHaveLength(1);
});

test("colleagues own instances and keys whose names look like ours, and they are on nobody's bill", async () => {
  const { call, emulator } = await startLambdaCloud({ others: "similar" });
  expect((await call("GET", "/instances")).data.length).toBeGreaterThan(5);
  expect(emulator.keys().every(({ isForeign }) => isForeign)).toBe(true);
  expect(emulator.bill().totalUsd).toBe(0);
});
